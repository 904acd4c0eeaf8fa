import type { PlanCredential } from "../plan.ts";

/** Keeps secrets out of the rendered text: they become variables that Compose fills from `.env`. */
export interface Vault {
  /** Text for compose.yaml: credentials as variables, `$` escaped; a text that is secret by mark becomes a variable whole. */
  protect(text: string, name: string, secret: boolean): string;
  /** Text that holds no secret: only `$` is escaped. */
  plain(text: string): string;
  /** Content of `.env`. */
  file(): string;
}

/** `db-app-password` -> `DB_APP_PASSWORD`. */
export const variableName = (name: string) =>
  name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_|_$/g, "");

export function createVault(credentials: readonly PlanCredential[]): Vault {
  const variables = new Map<string, string>();
  /** A variable of its own for each value: `a_b` and `a-b` would otherwise share one. */
  const variableFor = (name: string, value: string) => {
    const wanted = variableName(name);
    let variable = wanted;
    for (let n = 2; (variables.get(variable) ?? value) !== value; n++) variable = `${wanted}_${n}`;
    variables.set(variable, value);
    return variable;
  };
  const escapeDollars = (text: string) => text.replaceAll("$", "$$$$");
  const withCredentials = (text: string) => {
    const used = credentials.filter(({ value }) => text.includes(value));
    const escaped = used.reduce(
      (parts, { name, value }) => parts.flatMap((part) => (part.secret ? [part] : split(part.text, value, variableFor(name, value)))),
      [{ text, secret: false }],
    );
    return {
      found: used.length > 0,
      text: escaped.map((part) => (part.secret ? `\${${part.text}}` : escapeDollars(part.text))).join(""),
    };
  };
  return {
    protect(text, name, secret) {
      const replaced = withCredentials(text);
      if (replaced.found || !secret) return replaced.text;
      return `\${${variableFor(name, text)}}`;
    },
    plain: (text) => withCredentials(text).text,
    file() {
      const lines = [...variables].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, value]) => `${name}=${quoted(value)}`);
      return `# Secrets of this environment. Readable by its owner only; never commit it.\n${lines.join("\n")}\n`;
    },
  };
}

const split = (text: string, value: string, variable: string) =>
  text.split(value).flatMap((part, index) =>
    index === 0
      ? [{ text: part, secret: false }]
      : [
          { text: variable, secret: true },
          { text: part, secret: false },
        ],
  );

/** In the form that Compose reads back unchanged. */
function quoted(value: string): string {
  if (!/['\n\\]/.test(value)) return `'${value}'`;
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("$", "\\$").replaceAll("\n", "\\n")}"`;
}
