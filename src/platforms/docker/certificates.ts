import * as pulumi from "@pulumi/pulumi";
import type { CertificatePart } from "../../core/credentials.ts";
import { type Issued, issuedBefore, issueFor } from "./development-ca.ts";

/**
 * What the certificates of a run are: `stand-in` in a plan that is only looked at, or that an engine makes again, `kept` when
 * nothing may be written (those that are there already, else stand-ins), `issued` when the plan is carried out.
 */
export type CertificateSource = "stand-in" | "kept" | "issued";

/** Has the form and is none: stable, so that a plan is, and its name tells whoever meets it. */
const standIn: Issued = Object.fromEntries(
  (["certificate", "key", "ca"] as const).map((part) => [
    part,
    `-----BEGIN STAND-IN-----\n${part} of a plan that was not carried out\n-----END STAND-IN-----\n`,
  ]),
) as unknown as Issued;

/** Development certificates of one stack run. They are asked for while the topology is read, and made when it is free of problems. */
export class Certificates {
  readonly #root: string;
  readonly #made = new Map<string, Promise<Issued>>();
  readonly #released = Promise.withResolvers<CertificateSource>();

  /** `root`: directory of Pulumi.yaml. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The plan is whole: nothing is written before. */
  release(source: CertificateSource): void {
    this.#released.resolve(source);
  }

  part(names: readonly string[], part: CertificatePart): pulumi.Output<string> {
    const key = names.join(" ");
    const issued = this.#made.get(key) ?? this.#make(names);
    this.#made.set(key, issued);
    const value = pulumi.output(issued.then((all) => all[part]));
    return part === "key" ? pulumi.secret(value) : value;
  }

  async #make(names: readonly string[]): Promise<Issued> {
    const source = await this.#released.promise;
    if (source === "stand-in") return standIn;
    if (source === "issued") return issueFor(this.#root, names);
    return issuedBefore(this.#root, names) ?? standIn;
  }
}
