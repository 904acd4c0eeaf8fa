import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { quietly } from "./quietly.ts";

/** A generated credential. Lives and dies with the data that it opens. */
export interface CredentialSpec {
  /** Who it belongs to, for the endpoint table, e.g. `owner of database app`. */
  readonly use: string;
}

const length = 32;

/**
 * A generated password: 32 letters and digits (190 bits), so that no connection string, shell or config format needs
 * to escape it. Protected when it opens kept data: `down` then leaves the pair, and the next `up` finds both.
 */
export function generatePassword(parent: pulumi.Resource, name: string, keep: boolean): pulumi.Output<string> {
  const password = quietly(() => new RandomPassword(name, { length, special: false }, { parent, protect: keep }));
  return pulumi.secret(password.result);
}
