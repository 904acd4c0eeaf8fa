import * as pulumi from "@pulumi/pulumi";

/**
 * Text that may hold generated secrets. A spec stays pure and secret-free: it only names the secret; the platform
 * puts the value in, so nothing can leak by printing or comparing a spec.
 */
export interface SecretText {
  readonly parts: readonly (string | SecretRef)[];
}

/** Names a credential of the same system. */
export interface SecretRef {
  readonly secret: string;
}

export type Text = string | SecretText;

export const secretRef = (secret: string): SecretRef => ({ secret });

/** Number under which a published port of the workload is reached from outside: only the platform knows it. */
export const outsidePort = (port: string): SecretRef => ({ secret: `outside port ${port}` });

/** Tagged template: text`user app on >${secretRef("app")}`. */
export function text(strings: TemplateStringsArray, ...values: readonly (string | number | SecretRef)[]): SecretText {
  const parts: (string | SecretRef)[] = [];
  strings.forEach((literal, index) => {
    parts.push(literal);
    const value = values[index];
    if (value !== undefined) parts.push(typeof value === "object" ? value : String(value));
  });
  return { parts: parts.filter((part) => part !== "") };
}

export const concat = (...texts: readonly Text[]): SecretText => ({ parts: texts.flatMap((t) => (typeof t === "string" ? [t] : t.parts)) });

export const isSecretText = (value: unknown): value is SecretText => typeof value === "object" && value !== null && "parts" in value;

export type Secrets = Readonly<Record<string, pulumi.Output<string>>>;

export function resolveText(value: Text, secrets: Secrets): pulumi.Output<string> {
  if (!isSecretText(value)) return pulumi.output(value);
  const parts = value.parts.map((part) => (typeof part === "string" ? pulumi.output(part) : secretNamed(part, secrets)));
  return pulumi.all(parts).apply((resolved) => resolved.join(""));
}

/** The text with each secret replaced by its name: what hashes, snapshots and tests may see. */
export function shownText(value: Text): string {
  if (!isSecretText(value)) return value;
  return value.parts.map((part) => (typeof part === "string" ? part : `[${part.secret}]`)).join("");
}

function secretNamed(ref: SecretRef, secrets: Secrets): pulumi.Output<string> {
  const value = secrets[ref.secret];
  if (!value) throw new Error(`a spec refers to the credential "${ref.secret}", which it does not declare`);
  return value;
}
