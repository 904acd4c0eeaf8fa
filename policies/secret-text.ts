import type { Resource } from "./model.ts";
import { list, record } from "./read.ts";

/** What tells a secret by the name that it has, or by its own form. */

/** Ends in the word for a secret: `dbPassword`, `JWT_SECRET`, `sshPrivateKeyPem`; not `httpTokens` or `passwordLength`. */
const secretName =
  /(password|passwords|passwd|passphrase|secret|token|credentials?|pwd|(?:^|_)pass|(api|access|private|secret|encryption|signing|shared|auth)[-_]?key)([-_]?(base|pem|wo|value|string|text|v?\d+))*$/i;

/** Tokens that make a call happen once, or find the next page, open nothing. */
const harmlessName = /(caller|client|creation|idempotency|next|continuation|request)[-_]?(token|reference)$/i;

export const namesSecret = (name: string): boolean => secretName.test(name) && !harmlessName.test(name);

/** Stands for a secret instead of being one: a place, a template, a setting. */
const reference =
  /^(arn:|file:|https?:\/\/[^@]*$|vault:|ssm:|op:\/\/|secretsmanager:|\$[{(]|\$[A-Z_]+$|\{\{|<[^>]*>$|\[[^\]]*\]$|(\.|~)?\/[\w.-]+(\/[\w.-]+)*$|(true|false|none|null|required|optional|enabled|disabled|preferred|default|rotate|set|delete|unused|dummy|placeholder)$)/i;

export const isPlainValue = (value: string): boolean => value !== "" && !reference.test(value);

const urlWithPassword = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:(?![${<*[])[^\s/@]+@/i;
const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/;
const knownForms = /\b(A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|xox[abprs]-[\w-]{10,}|sk_live_[A-Za-z0-9]{16,})/;

/** What a text shows by its form alone to hold; undefined when it does not. */
export function secretForm(value: string): string | undefined {
  if (urlWithPassword.test(value)) return "an address with a password in it";
  if (privateKey.test(value)) return "a private key";
  return knownForms.test(value) ? "a key or token that a service has issued" : undefined;
}

/** Whether the input at a path, or what it lies in, is marked secret. */
export const isMarked = (secretInputs: Resource["secretInputs"], path: string): boolean =>
  (secretInputs ?? []).some((mark) => path === mark || path.startsWith(`${mark}.`) || path.startsWith(`${mark}[`));

/** Every text below a value, with the name that it has: entries of a list have that of the list. */
export function* textsOf(value: unknown, path: string, name: string): Iterable<{ path: string; name: string; value: string }> {
  if (typeof value === "string") yield { path, name, value };
  for (const [index, entry] of list(value).entries()) yield* textsOf(entry, `${path}[${index}]`, name);
  for (const [key, entry] of Object.entries(record(value))) yield* textsOf(entry, path === "" ? key : `${path}.${key}`, key);
}
