import * as pulumi from "@pulumi/pulumi";
import { type Connection, summariesOf } from "../../src/core/connection.ts";
import { elsewhere } from "../../src/core/existing-spec.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import { projectRoot } from "../../src/core/project-root.ts";
import type { ExistingOpa } from "./existing.ts";
import { readPolicies } from "./policies.ts";
import type { RegistryBundle } from "./registry.ts";
import { opaServerRequired, opaServerRules, opaServerSpec } from "./spec.ts";

/** What an OpaServer takes: a folder of policies or a bundle, and the path that is asked. */
export interface OpaServerArgs {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Folder with policies, from the directory of Pulumi.yaml: `.rego` files in the syntax of OPA 1, and `data.json` or
   * `data.yaml`, each of which stands in the data where its folder is. Tests (`*_test.rego`) stay out. Either this or
   * `bundle`.
   * @default none: then `bundle` is needed
   * @change restart; of this server alone, also when a file changes
   */
  readonly policies?: string;
  /**
   * The policies as an artifact of a registry instead of a folder; on AWS not one of ECR.
   * @default none: then `policies` is needed
   * @change restart
   */
  readonly bundle?: RegistryBundle;
  /**
   * Data path that the connection's URI names, e.g. `repo/guard` for `package repo.guard`.
   * @change safe; what is bound to it restarts
   */
  readonly path: string;
  /**
   * Servers, all with the same policies. With several, none is published.
   * @default by profile: 1 (dev), 2 (staging), 3 (prod)
   * @unit containers
   * @change safe; only the step between 1 and more replaces the first container
   */
  readonly replicas?: number;
  /** Whether each decision is written to the log, with its input and result. @default true @change restart */
  readonly decisionLogs?: boolean;
  /**
   * With `policies`: JSON pointers into the input whose values are left out of the decision log, e.g. `/event/token`.
   * @default none
   * @change restart
   */
  readonly maskInputs?: readonly string[];
  /**
   * Memory of each server in MiB; data takes about twenty times its JSON.
   * @default by profile: 256 (dev), 512 (staging), 1024 (prod)
   * @change restart
   */
  readonly memoryMiB?: number;
  /** CPUs of each server. @default by profile: 0.5 (dev, staging), 1 (prod) @unit CPUs @change restart */
  readonly cpus?: number;
  /**
   * A server that runs already, in place of one of this stack: mostly written into the stack file of an environment. It decides by the policies that it has.
   * @default none: the stack has its own
   * @change restart; of what is bound to it
   */
  readonly existing?: ExistingOpa;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** A policy server that is there already. */
export interface ExistingOpaArgs extends ExistingOpa, Pick<OpaServerArgs, "path"> {
  /** The ground that services are made on: the one that the topology gets. */
  readonly platform: Platform;
}

/** A policy server: decides by the policies of a folder, says so in its log, and takes no policy over its API. */
export class OpaServer extends pulumi.ComponentResource {
  /** How services ask for decisions: `http://<host>:8181/v1/data/<path>`. */
  readonly connection: Connection;
  /** What it tells about itself, for an ObservabilityStack that observes it. */
  readonly observed: Observed;

  /** A server that runs already: the same connection, and nothing that is made. */
  static existing(name: string, { platform, path, ...existing }: ExistingOpaArgs, opts?: pulumi.ComponentResourceOptions): OpaServer {
    return new OpaServer(name, { platform, path, existing }, opts);
  }

  constructor(name: string, args: OpaServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args, opaServerRules, opaServerRequired);
    const spec = args.platform.shape(opaServerSpec(name, settled, readPolicies(projectRoot(), settled.args.policies)));
    super("groundplan:index:OpaServer", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    this.connection = connections.default as Connection;
    this.observed = {
      kind: "OpaServer",
      name,
      replicas: spec.digest.replicas,
      metrics: { from: connections.diagnostic as Connection, path: "/metrics" },
      facts: { paths: [String(settled.args.path)] },
      ...elsewhere(spec),
    };
    this.registerOutputs({ ...spec.digest, connections: summariesOf(connections) });
  }
}
