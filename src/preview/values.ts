/** The marker keys of the engine's protocol. */
const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const resourceMark = "5cf8f73096256a8f31e491e813e4eb8e";
const outputMark = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export interface Unmarked {
  readonly value: unknown;
  /** Paths of values that were marked secret. */
  readonly secrets: readonly string[];
}

/** Takes the protocol's markers off a value and remembers what was secret. */
export function unmark(value: unknown, path = ""): Unmarked {
  if (Array.isArray(value)) {
    const entries = value.map((entry, index) => unmark(entry, `${path}[${index}]`));
    return { value: entries.map((e) => e.value), secrets: entries.flatMap((e) => e.secrets) };
  }
  if (typeof value !== "object" || value === null) return { value, secrets: [] };
  const record = value as Record<string, unknown>;
  const mark = record[signature];
  if (mark === secretMark) return asSecret(record.value, path);
  if (mark === outputMark) return record.secret === true ? asSecret(record.value, path) : unmark(record.value, path);
  if (mark === resourceMark) return { value: record.urn, secrets: [] };
  const entries = Object.entries(record).map(([key, entry]) => [key, unmark(entry, path ? `${path}.${key}` : key)] as const);
  return { value: Object.fromEntries(entries.map(([key, e]) => [key, e.value])), secrets: entries.flatMap(([, e]) => e.secrets) };
}

function asSecret(value: unknown, path: string): Unmarked {
  const inner = unmark(value, path);
  return { value: inner.value, secrets: [...leaves(inner.value, path), ...inner.secrets] };
}

function leaves(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => leaves(entry, `${path}[${index}]`));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, entry]) => leaves(entry, path ? `${path}.${key}` : key));
  return [path];
}

export const marked = (value: unknown) => ({ [signature]: secretMark, value });
