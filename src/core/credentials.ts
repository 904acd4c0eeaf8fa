import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { quietly } from "./quietly.ts";

/** A generated credential. Lives and dies with the data that it opens. */
export interface CredentialSpec {
  /** Who it belongs to, for the endpoint table, e.g. `owner of database app`. */
  readonly use: string;
  /** Given by the user, not generated. */
  readonly given?: pulumi.Input<string>;
  /** Why `rotate` leaves it as it is: what it opens could not take another one while it runs. @default it is rotated */
  readonly lasting?: string;
  /** Not a password, but a part of a certificate for these names that the development authority of the project issues. */
  readonly certificate?: { readonly names: readonly string[]; readonly part: CertificatePart };
}

/** In PEM: the certificate, its key (the one secret of the three), and the authority that clients must trust. */
export type CertificatePart = "certificate" | "key" | "ca";

const length = 32;

/**
 * A generated password: 32 letters and digits (190 bits), so that no connection string, shell or config format needs
 * to escape it. Protected when it opens kept data: `down` then leaves the pair, and the next `up` finds both.
 */
export function generatePassword(parent: pulumi.Resource, name: string, keep: boolean): pulumi.Output<string> {
  const password = quietly(() => new RandomPassword(name, { length, special: false }, { parent, protect: keep }));
  return pulumi.secret(password.result);
}

/**
 * A word that stays the same for one life of what carries it and is another one in the next, e.g. in the name of the last
 * snapshot, which outlives it: eight hexadecimal digits, kept in the state beside the data.
 */
export function generateLifeId(parent: pulumi.Resource, name: string, keep: boolean): pulumi.Output<string> {
  return quietly(() => new RandomId(name, { byteLength: 4 }, { parent, protect: keep })).hex;
}

/**
 * A word that changes whenever the content does, and was never there before, not even for the same content: ten hexadecimal
 * digits. An update that fails half way leaves what it replaced in place, and going back must not meet that. It tells
 * nothing about the content.
 */
export function generateRevision(parent: pulumi.Resource, name: string, content: pulumi.Input<string>): pulumi.Output<string> {
  return quietly(() => new RandomId(name, { byteLength: 5, keepers: { content } }, { parent })).hex;
}
