/** Words of names that could hold a secret. */
const words = "pass(?:word|phrase)?|secret|token|credential|api[-_]?key";

export const secretLike = new RegExp(words, "i");

/** A name that could hold a secret; a name of a file with one does not. */
export const looksSecret = (name: string) => secretLike.test(name) && !/[_-]file$/i.test(name);

/** `--token x`, `token=x` and `TOKEN="x"`, from the beginning of a word on. */
const told = new RegExp(
  `((?<![\\w.$/-])(?:([\\w.-]*(?:${words})[\\w.-]*)=|--?([\\w.-]*(?:${words})[\\w-]*)[ \\t]+(?!-)))("[^"]*"|'[^']*'|[^\\s"';&|)]+)`,
  "gi",
);

/** A value that is masked already, only says where it comes from (a variable, a command, a file), or is the word of a setting. */
const comesFrom = /^["']?(\[|\$|`|%|<|>|(unused|true|false|on|off|none|null|md5|scram-sha-256)(["']|$))/i;

/** Hides the value of every option and every variable in a text whose name says that it is secret. */
export const withoutTold = (text: string, hidden: string): string =>
  text.replace(told, (whole, before: string, variable: string | undefined, option: string | undefined, value: string) =>
    comesFrom.test(value) || !looksSecret(variable ?? option ?? "") ? whole : `${before}${hidden}`,
  );

/**
 * Whether what stands under a key of a map or a list is a secret by what stands beside it: the value of
 * `{ name: PGPASSWORD, value }`, or what comes after `--password` in a list of arguments.
 */
export function isToldBeside(holder: unknown, key: string | number): boolean {
  if (Array.isArray(holder)) {
    const before: unknown = holder[Number(key) - 1];
    const value: unknown = holder[Number(key)];
    return (
      typeof before === "string" &&
      /^--?[\w.-]+$/.test(before) &&
      looksSecret(before) &&
      typeof value === "string" &&
      !value.startsWith("-") &&
      !comesFrom.test(value)
    );
  }
  if (key !== "value" || typeof holder !== "object" || holder === null) return false;
  const { name, value } = holder as { readonly name?: unknown; readonly value?: unknown };
  return typeof name === "string" && looksSecret(name) && typeof value === "string" && value !== "" && !comesFrom.test(value);
}
