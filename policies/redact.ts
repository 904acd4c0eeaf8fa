import type { Finding } from "./evaluate.ts";
import type { Resource } from "./model.ts";
import { json } from "./read.ts";
import type { Outcome } from "./run.ts";

const hidden = "[secret]";
/** A shorter text stands in too many words to be looked for everywhere. */
const shortest = 4;
/** A shorter one may be a part of everyday words, and is looked for as a word of its own; a longer one inside of others, too. */
const noWord = 16;

/**
 * The outcome as it may leave the process: without what is marked secret in these resources, and through `mask`, which
 * knows the secrets that carry no mark. Names of things stay as they are: they are plain by nature, and fingerprints hold them.
 */
export function redact(outcome: Outcome, resources: readonly Resource[], mask: (text: string) => string): Outcome {
  const marked = new Map(resources.map((resource) => [resource.urn, secretsOf(resource)]));
  const everywhere = [...new Set([...marked.values()].flatMap((secrets) => secrets.flatMap(({ value }) => spellings(value))))]
    .filter(standsOut)
    .toSorted((a, b) => b.length - a.length)
    .map(lookedFor);
  const text = (value: string) => mask(everywhere.reduce<string>((shown, secret) => shown.replaceAll(secret, hidden), value));
  const finding = <Place extends Finding>(found: Place): Place => {
    const own = marked.get(found.urn)?.filter(({ path }) => within(path, found.path) || within(found.path, path)) ?? [];
    // A secret of a letter or two cannot be cut out of a sentence.
    const short = own.some(({ value }) => !standsOut(value) && found.message.slice(found.path.length).includes(value));
    return { ...found, message: short ? `${found.path} breaks the policy; what is there is marked secret` : found.message };
  };
  return strings({ ...outcome, open: outcome.open.map(finding), waived: outcome.waived.map(finding) }, text, mask) as Outcome;
}

/** What names a thing, and so cannot be a secret by its mark. */
const names = new Set(["urn", "type", "name", "component", "policy", "id", "rule", "level", "severity", "state", "stage", "day", "expires"]);

function strings(value: unknown, text: (value: string) => string, mask: (value: string) => string, key = ""): unknown {
  if (typeof value === "string") return names.has(key) ? mask(value) : text(value);
  if (Array.isArray(value)) return value.map((entry) => strings(entry, text, mask, key));
  if (typeof value !== "object" || value === null) return value;
  // What the catalogue and the project say of themselves stays readable, also where a secret is an everyday word.
  const by = (name: string) => (name === "policies" || name === "subject" ? mask : text);
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, strings(entry, by(name), mask, name)]));
}

interface Secret {
  readonly path: string;
  readonly value: string;
}

/** Values at and below the paths that are marked. */
function secretsOf({ inputs, secretInputs = [] }: Resource): Secret[] {
  const isMarked = (path: string) => secretInputs.some((mark) => within(path, mark));
  const below = (value: unknown, path: string): Secret[] => {
    if (Array.isArray(value)) return value.flatMap((entry, index) => below(entry, `${path}[${index}]`));
    if (typeof value === "object" && value !== null)
      return Object.entries(value).flatMap(([key, entry]) => below(entry, path === "" ? key : `${path}.${key}`));
    return isMarked(path) && value !== undefined && value !== null && value !== "" ? [{ path, value: String(value) }] : [];
  };
  return below(inputs, "");
}

const within = (path: string, outer: string) => path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

const standsOut = (text: string) => text.length >= shortest && text !== "true" && text !== "false";

/** Letters and digits beside it make a short secret another word: `temporal` is not in `temporalio`, but in `temporal:7233`. */
function lookedFor(secret: string): RegExp | string {
  if (secret.length >= noWord) return secret;
  const before = /^[\p{L}\p{N}]/u.test(secret) ? "(?<![\\p{L}\\p{N}])" : "";
  const after = /[\p{L}\p{N}]$/u.test(secret) ? "(?![\\p{L}\\p{N}])" : "";
  return new RegExp(`${before}${secret.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}${after}`, "gu");
}

/** A secret, and what of it a policy may quote: the value of a variable, the password of a URL, leaves of JSON, what base64 holds. */
function spellings(value: string): string[] {
  const variable = /^[A-Za-z_][A-Za-z0-9_]*=(.+)$/s.exec(value)?.[1];
  const password = /:\/\/[^\s:/@]*:([^\s@]+)@/.exec(value)?.[1];
  const decoded = /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) ? Buffer.from(value, "base64").toString() : undefined;
  const readable = decoded !== undefined && /^[\x20-\x7e\s]+$/.test(decoded) ? decoded : undefined;
  return [value, variable, password, readable, ...leaves(json(value))].filter((text) => text !== undefined);
}

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
