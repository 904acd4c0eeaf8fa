import { Provider } from "@pulumi/docker/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Rules } from "../../core/checks.ts";
import { type Connection, connectAhead, type Endpoint, type External, type Ready } from "../../core/connection.ts";
import { type CredentialSpec, generatePassword } from "../../core/credentials.ts";
import { disallowedEgress } from "../../core/egress.ts";
import type { GroundContext, Report } from "../../core/ground.ts";
import { type ImageName, imageReference } from "../../core/images.ts";
import { missingPaths } from "../../core/missing-paths.ts";
import { outsideProblems, realiseOutside } from "../../core/outside.ts";
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
import { coarserOn, unsupportedOn } from "../../core/unsupported.ts";
import type { JobSpec, PartPort, WorkloadSpec } from "../../core/workload.ts";
import { type Allocations, readAllocations } from "./allocations.ts";
import type { Certificates } from "./certificates.ts";
import { DockerContext, type PlanWants } from "./context.ts";
import type { DockerEndpoint } from "./endpoint.ts";
import { sealEndpoint, sealOutside } from "./endpoints.ts";
import { dockerJob } from "./job.ts";
import { serverNetwork } from "./networks.ts";
import { seenFromHere } from "./outside.ts";
import { dockerWorkload } from "./workload.ts";

/** What the Docker ground is made with. */
export interface DockerPlatformArgs extends GroundContext {
  /** Where the daemon answers. */
  readonly endpoint: pulumi.Input<DockerEndpoint>;
  /** Where ports and subnets are remembered. */
  readonly allocationsFile: string;
  /** Certificates of the development authority of the project. */
  readonly certificates: Certificates;
}

/** The local ground: containers, networks and volumes of one Docker daemon. */
export class DockerPlatform extends pulumi.ComponentResource implements Platform {
  readonly target = "docker";
  readonly profile: Profile;
  readonly #args: DockerPlatformArgs;
  readonly #context: DockerContext;
  readonly #credentials: Record<string, pulumi.Output<string>> = {};
  readonly #overrides = new OverrideBook("docker");

  constructor(name: string, args: DockerPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundplan:index:DockerPlatform", name, { profile: args.settings.profile.name, isolation: args.settings.isolation }, opts);
    this.profile = args.settings.profile;
    this.#args = args;
    const endpoint = pulumi.output(args.endpoint);
    const provider = quietly(
      () => new Provider(`${name}-daemon`, { host: endpoint.host, certPath: endpoint.apply((e) => e.certPath ?? "") }, { parent: this }),
    );
    this.#context = new DockerContext(args.settings, args.root, this, provider, readAllocations(args.allocationsFile));
    this.registerOutputs({});
  }

  /** Ports and subnets as they stand now, to be remembered by whoever deploys. */
  get allocations(): Allocations {
    return this.#context.allocations;
  }

  /** What the plan wants from the daemon, to be compared with what is there. */
  get wanted(): PlanWants {
    return this.#context.wanted;
  }

  /** What is wrong with the stack as a whole. */
  problems(): Problem[] {
    return this.#overrides.problems();
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

  /** Systems run as they say. */
  shape(spec: SystemSpec): SystemSpec {
    return spec;
  }

  realise(component: pulumi.ComponentResource, spec: SystemSpec): Realised {
    const problems = [
      ...spec.problems,
      ...unsupportedOn(this.target, spec),
      ...missingPaths(spec, this.#args.root),
      ...outsideProblems(this.target, spec),
      ...disallowedEgress(spec, this.#args.settings),
    ];
    const warnings = [...spec.warnings, ...coarserOn(this.target, spec)];
    this.report({ ...spec, problems, warnings });
    if (spec.existing) return realiseOutside(spec, spec.existing, problems, sealOutside, seenFromHere);
    const realised = realiseContainers(this, component, { ...spec, problems });
    if (spec.collectsLogs && problems.length === 0) this.#collectLogs(spec, spec.collectsLogs);
    return realised;
  }

  imageReference(name: ImageName): string {
    return imageReference({ table: name }, this.#args.settings.images);
  }

  ahead(part: AheadSpec): Connection {
    this.#args.promised(part);
    return connectAhead(part, this.place(this, part.system, part.workload));
  }

  place(parent: pulumi.Resource, system: string, workload: string): Endpoint {
    return sealEndpoint({ network: serverNetwork(this.#context, parent, system, workload) });
  }

  /** The topology is complete: what depended on the whole of it is known now. */
  complete(): void {
    this.#context.logs.settle();
  }

  secret(parent: pulumi.Resource, name: string, spec: CredentialSpec, keep: boolean): pulumi.Output<string> {
    if (spec.given !== undefined) return pulumi.secret(spec.given);
    if (spec.certificate) return this.#args.certificates.part(spec.certificate.names, spec.certificate.part);
    this.#credentials[name] = generatePassword(parent, name, keep);
    return this.#credentials[name];
  }

  #collectLogs({ name, workloads }: SystemSpec, { workload, port }: PartPort): void {
    const collector = workloads.find((each) => each.name === workload);
    if (!collector) throw new Error(`${name}: logs are to go to the workload "${workload}", which it does not declare`);
    this.#context.logs.collect({ system: name, address: this.route(collector, port).address });
  }

  /** Where a port of a workload is reached from the machine of the developer. */
  route(workload: WorkloadSpec, port: string): External {
    const host = "127.0.0.1";
    const number = this.#context.hostPort(`${workload.name}.${port}`, workload.ports[port]?.port ?? 0);
    return { host, port: number, address: `${host}:${number}` };
  }

  workload(parent: pulumi.Resource, spec: WorkloadSpec, scope: SystemScope): RunningWorkload {
    const published = Object.entries(spec.ports).filter(([, port]) => port.published);
    const external = Object.fromEntries(published.map(([name]) => [name, this.route(spec, name)]));
    return dockerWorkload(this.#context, parent, spec, scope, external);
  }

  job(parent: pulumi.Resource, spec: JobSpec, scope: SystemScope): Ready {
    return dockerJob(this.#context, parent, spec, scope);
  }
}
