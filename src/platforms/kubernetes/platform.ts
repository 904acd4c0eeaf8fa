import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Rules } from "../../core/checks.ts";
import { type Connection, connectAhead, type Endpoint, type Ready } from "../../core/connection.ts";
import { type CredentialSpec, generatePassword } from "../../core/credentials.ts";
import { disallowedEgress } from "../../core/egress.ts";
import type { GroundContext, Report } from "../../core/ground.ts";
import { type ImageName, imageReference } from "../../core/images.ts";
import { outsideProblems, outsideWarnings, realiseOutside } from "../../core/outside.ts";
import { OverrideBook } from "../../core/override-book.ts";
import type { Overrides } from "../../core/overrides.ts";
import type { AheadSpec, Platform, Realised, Required, RunningWorkload, Settled, SystemScope } from "../../core/platform.ts";
import type { Problem } from "../../core/problems.ts";
import type { Profile } from "../../core/profile.ts";
import { quietly } from "../../core/quietly.ts";
import { realiseContainers } from "../../core/realise.ts";
import { isRetired } from "../../core/settings.ts";
import { settleArgs } from "../../core/settle.ts";
import type { SystemSpec } from "../../core/system.ts";
import { coarserOn } from "../../core/unsupported.ts";
import type { JobSpec, WorkloadSpec } from "../../core/workload.ts";
import { KubernetesContext } from "./context.ts";
import { sealEndpoint, sealOutside } from "./endpoints.ts";
import { kubernetesJob } from "./job.ts";
import { defaultLimits } from "./manifests/limit-range.ts";
import { namespace } from "./manifests/namespace.ts";
import { defaultDeny } from "./manifests/network-policy.ts";
import { foundMesh } from "./mesh/found.ts";
import { meshWarnings, wholeMeshProblems } from "./mesh/problems.ts";
import { kubernetesProblems } from "./problems.ts";
import type { ClusterSystem, ClusterSystems } from "./systems.ts";
import { kubernetesWorkload } from "./workload.ts";

/** What the Kubernetes ground is made with. */
export interface KubernetesPlatformArgs extends GroundContext {
  /** Systems that a cluster serves by more than their containers. @default none */
  readonly systems?: ClusterSystems;
  /** Path of the kubeconfig that has the configured context. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** A cluster as the ground: one namespace per stack, closed but for what is declared. */
export class KubernetesPlatform extends pulumi.ComponentResource implements Platform {
  readonly target = "kubernetes";
  readonly profile: Profile;
  readonly #args: KubernetesPlatformArgs;
  readonly #context: KubernetesContext;
  /** Every system that was realised. */
  readonly #specs: SystemSpec[] = [];
  /** The collector of telemetry, for what must wait until it is known whether there is one. */
  readonly #collector = Promise.withResolvers<AheadSpec | undefined>();
  readonly #credentials: Record<string, pulumi.Output<string>> = {};
  readonly #overrides = new OverrideBook("kubernetes");

  constructor(name: string, args: KubernetesPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundplan:index:KubernetesPlatform", name, { profile: args.settings.profile.name, isolation: args.settings.isolation }, opts);
    this.profile = args.settings.profile;
    this.#args = args;
    const { kubernetes: cluster } = args.settings;
    if (!cluster) throw new Error("the settings name no cluster");
    const provider = quietly(
      () =>
        new Provider(
          `${name}-cluster`,
          {
            kubeconfig: args.kubeconfig,
            // Always the configured one, never the one that happens to be current.
            context: cluster.context,
            // The context says which cluster this is: on another machine the same file has another path.
            clusterIdentifier: cluster.context,
            enableServerSideApply: true,
            // What exists already is somebody else's.
            upsertExistingObjects: false,
          },
          { parent: this },
        ),
    );
    this.#context = new KubernetesContext(args.settings, args.root, this, provider);
    const { place, mesh } = this.#context;
    this.#context.found(
      (options) => new Namespace(`${name}-namespace`, namespace(place, mesh !== undefined), options),
      (options) => new NetworkPolicy(`${name}-default-deny`, defaultDeny(place), options),
      (options) => new LimitRange(`${name}-default-limits`, defaultLimits(place), options),
    );
    if (mesh) foundMesh(this.#context, mesh, this.#collector.promise);
    this.registerOutputs({ context: cluster.context, namespace: place.namespace });
  }

  /** Called when the topology is told: who has not asked for the way to a collector by now has none. */
  complete(): void {
    this.#collector.resolve(this.#context.collector);
  }

  /** What is wrong with the stack as a whole. */
  problems(): Problem[] {
    return [...wholeMeshProblems(this.#specs, this.#args.settings), ...this.#overrides.problems()];
  }

  get credentials(): Readonly<Record<string, pulumi.Output<string>>> {
    return this.#credentials;
  }

  protects(system: string): boolean {
    return !isRetired(this.#args.settings, system);
  }

  settle<A extends object>(name: string, args: A, rules: Rules<A>, required?: Required<A>): Settled<A> {
    return settleArgs(this.#args.settings, name, args, rules, required);
  }

  overriding(name: string, settled: Settled<{ readonly overrides?: Overrides }>, opts?: pulumi.ComponentResourceOptions) {
    return this.#overrides.options(name, settled, opts);
  }

  report(report: Report): void {
    this.#args.report(report);
  }

  #system({ kind }: SystemSpec): ClusterSystem {
    return this.#args.systems?.[kind] ?? {};
  }

  shape(spec: SystemSpec): SystemSpec {
    return spec.problems.length > 0 || spec.existing ? spec : (this.#system(spec).shape?.(spec, this.#args.settings) ?? spec);
  }

  realise(component: pulumi.ComponentResource, spec: SystemSpec): Realised {
    const { settings, root } = this.#args;
    const system = this.#system(spec);
    this.#specs.push(spec);
    const sound = spec.problems.length === 0 && !spec.existing;
    const own = sound ? (system.problems?.(spec, settings) ?? []) : [];
    const problems = [
      ...spec.problems,
      ...own,
      ...kubernetesProblems(spec, settings, root),
      ...outsideProblems(this.target, spec),
      ...disallowedEgress(spec, settings),
    ];
    const warnings = [
      ...spec.warnings,
      ...(sound ? (system.warnings?.(spec, settings) ?? []) : []),
      ...coarserOn(this.target, spec),
      ...meshWarnings(spec, settings),
      ...outsideWarnings(this.target, spec),
    ];
    this.report({ ...spec, problems, warnings });
    if (spec.existing) return realiseOutside(spec, spec.existing, problems, sealOutside);
    if (problems.length === 0 && system.realise) return system.realise(this.#context, this, component, spec);
    return realiseContainers(this, component, { ...spec, problems });
  }

  imageReference(name: ImageName): string {
    return imageReference({ table: name }, this.#args.settings.images);
  }

  ahead(part: AheadSpec): Connection {
    this.#args.promised(part);
    this.#context.collector ??= part;
    return connectAhead(part, this.place(this, part.system, part.workload, [part.port]));
  }

  /** Pods are selected by labels, so a place needs no resource. */
  place(_parent: pulumi.Resource, system: string, workload: string, ports: readonly number[]): Endpoint {
    return sealEndpoint({ system, name: workload, ports });
  }

  secret(parent: pulumi.Resource, name: string, spec: CredentialSpec, keep: boolean): pulumi.Output<string> {
    if (spec.given !== undefined) return pulumi.secret(spec.given);
    if (spec.certificate) throw new Error(`${name}: certificates of a cluster are issued in it, not by this process`);
    this.#credentials[name] = generatePassword(parent, name, keep);
    return this.#credentials[name];
  }

  workload(parent: pulumi.Resource, spec: WorkloadSpec, scope: SystemScope): RunningWorkload {
    return kubernetesWorkload(this.#context, parent, spec, scope);
  }

  job(parent: pulumi.Resource, spec: JobSpec, scope: SystemScope): Ready {
    return kubernetesJob(this.#context, parent, spec, scope);
  }
}
