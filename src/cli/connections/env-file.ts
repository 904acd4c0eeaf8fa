import type { Variable } from "../../preview/service-variables.ts";

/** First words of a file that the command wrote, by which it knows it again. */
export const marker = "# Written by groundplan connections";

/**
 * Variables in the form that `node --env-file`, dotenv and Docker Compose read. Without `secrets`, one that holds a password
 * is left empty, with a comment that says so.
 */
export function envFile(variables: readonly Variable[], head: string, secrets: boolean): string {
  const ways = [...new Set(variables.flatMap(({ to }) => to?.way ?? []))];
  return [
    `${marker}: ${head}`,
    ...(ways.length > 0 ? ["# Run first, and leave running:", ...ways.map((way) => `#   ${way}`)] : []),
    ...variables.flatMap(({ name, value, secret, unknown, to }) => [
      ...(to?.outside ? [] : [`# ${name} is not published: the value holds inside the stack only`]),
      ...(secret && !secrets
        ? [`# ${name} holds ${to?.credential ?? "a secret"}: --show-secrets writes it`, `${name}=`]
        : unknown
          ? [`# ${name} holds a secret that is not known here: give it as existing of the component says`, `${name}=`]
          : [`${name}=${quoted(value)}`]),
    ]),
    "",
  ].join("\n");
}

/** In single quotes nothing is replaced. */
function quoted(value: string): string {
  if (/^[\w.,:/@%+=?&~-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value.replaceAll(/[\\"$]/g, "\\$&").replaceAll("\n", "\\n")}"` : `'${value}'`;
}
