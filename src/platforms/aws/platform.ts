import * as pulumi from "@pulumi/pulumi";
import type { Rules } from "../../core/checks.ts";
import { type Connection, connectAhead, type Endpoint, type Ready, stubConnection } from "../../core/connection.ts";
import { type CredentialSpec, generatePassword } from "../../core/credentials.ts";
import { disallowedEgress } from "../../core/egress.ts";
import type { ExistingSystem } from "../../core/existing.ts";
import type { GroundContext, Report } from "../../core/ground.ts";
import { type ImageName, imageReference } from "../../core/images.ts";
import { outsideProblems, outsideWarnings, realiseOutside } from "../../core/outside.ts";
import { OverrideBook } from "../../core/override-book.ts";
import type { Overrides } from "../../core/overrides.ts";
import type { AheadSpec, Platform, Realised, Required, RunningWorkload, Settled, SystemScope } from "../../core/platform.ts";
import type { Problem } from "../../core/problems.ts";
import type { Profile } from "../../core/profile.ts";
import { readyOf, realiseContainers } from "../../core/realise.ts";
import type { AwsSettings } from "../../core/settings.ts";
import { settleArgs } from "../../core/settle.ts";
import type { SystemSpec } from "../../core/system.ts";
import type { JobSpec, WorkloadSpec } from "../../core/workload.ts";
import { attachments } from "./attachments.ts";
import { AwsContext } from "./context.ts";
import { cloudMapName } from "./discovery.ts";
import { sealEndpoint, sealOutside } from "./endpoint.ts";
import { securityGroup } from "./groups.ts";
import { awsJob } from "./job.ts";
import type { ManagedSystem, ManagedSystems } from "./managed.ts";
import { awsProvider } from "./provider.ts";
import { reachedParts } from "./reached-parts.ts";
import { awsProblems, awsWarnings, noWayOut } from "./unsupported.ts";
import { awsWorkload } from "./workload.ts";

/** What the AWS ground is made with. */
export interface AwsPlatformArgs extends GroundContext {
  /** Account, network and zones of the environment. */
  readonly aws: AwsSettings;
  /** The region, told when the plan is whole: until then the provider waits, and nothing is made. */
  readonly region: pulumi.Input<string>;
  /** Systems that a service of AWS does better than containers. */
  readonly managed: ManagedSystems;
}

/** The AWS ground: one account, one region, one network; managed services where there are, tasks on Fargate for the rest. */
export class AwsPlatform extends pulumi.ComponentResource implements Platform {
  readonly target = "aws";
  readonly profile: Profile;
  readonly #args: AwsPlatformArgs;
  readonly #context: AwsContext;
  readonly #credentials: Record<string, pulumi.Output<string>> = {};
  readonly #overrides = new OverrideBook("aws");

  constructor(name: string, args: AwsPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings, aws, root } = args;
    super("groundplan:index:AwsPlatform", name, { profile: settings.profile.name, isolation: settings.isolation }, opts);
    this.profile = settings.profile;
    this.#args = args;
    const provider = awsProvider(this, `${name}-provider`, settings, aws, args.region);
    this.#context = new AwsContext(settings, aws, root, this, provider);
    this.registerOutputs({});
  }

  /** What is wrong with the stack as a whole. */
  problems(): Problem[] {
    return this.#overrides.problems();
  }

  get credentials(): Readonly<Record<string, pulumi.Output<string>>> {
    return this.#credentials;
  }

  protects(system: string): boolean {
    return this.#context.protects(system);
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

  #system({ kind }: SystemSpec): ManagedSystem {
    return this.#args.managed[kind] ?? {};
  }

  shape(spec: SystemSpec): SystemSpec {
    return spec.problems.length > 0 || spec.existing ? spec : (this.#system(spec).shape?.(spec, this.#context) ?? spec);
  }

  realise(component: pulumi.ComponentResource, spec: SystemSpec): Realised {
    const system = this.#system(spec);
    if (spec.existing) return this.#elsewhere(spec, spec.existing, system);
    const managed = system.realise !== undefined && !system.tasks;
    const own = [...spec.problems, ...(system.problems?.(spec, this.#context) ?? [])];
    // With problems it may have ways out that its parts on AWS do not take, or that go with what is refused.
    const form = system.shape && own.length > 0 ? { ...spec, workloads: spec.workloads.map((part) => ({ ...part, egress: [] })) } : spec;
    const problems = [...own, ...awsProblems(this.#context, form, managed), ...disallowedEgress(form, this.#args.settings)];
    const warnings = [...spec.warnings, ...awsWarnings(this.#context, spec, managed), ...(system.warnings?.(spec, this.#context) ?? [])];
    this.report({ ...spec, problems, warnings });
    if (!system.realise) {
      const tasks = problems.length === 0 ? (system.prepare?.(this.#context, component, spec) ?? spec) : spec;
      return realiseContainers(this, component, { ...tasks, problems });
    }
    if (problems.length === 0) return system.realise(this.#context, this, component, spec);
    const stubs = Object.entries(spec.connections).map(([key, connection]) => [key, stubConnection(spec.name, connection)]);
    return { connections: Object.fromEntries(stubs) };
  }

  #elsewhere(spec: SystemSpec, existing: ExistingSystem, { outside }: ManagedSystem): Realised {
    const known = Object.keys(spec.connections).flatMap((key) => outside?.(spec, key, this.#context) ?? []);
    const problems = [
      ...spec.problems,
      ...outsideProblems(this.target, spec),
      ...disallowedEgress(spec, this.#args.settings),
      ...(known.length > 0 ? [] : noWayOut(this.#context, spec, existing)),
    ];
    this.report({ ...spec, problems, warnings: [...spec.warnings, ...(known.length > 0 ? [] : outsideWarnings(this.target, spec))] });
    return realiseOutside(spec, existing, problems, (server, key) => {
      const service = outside?.(spec, key, this.#context);
      return service ? sealEndpoint(service) : sealOutside(server);
    });
  }

  imageReference(name: ImageName): string {
    return imageReference({ table: name }, this.#args.settings.images);
  }

  /**
   * By its name in the private zone: proxies of Service Connect know only what was there when their task was started, and
   * this comes later.
   */
  ahead(part: AheadSpec): Connection {
    this.#args.promised(part);
    return connectAhead(part, this.place(this, part.system, part.workload, [part.port]), cloudMapName(this.#context, part.workload));
  }

  /** The group of a workload, made when the first one is let into it. */
  place(parent: pulumi.Resource, system: string, workload: string, ports: readonly number[]): Endpoint {
    const group = this.#context.once(`place ${workload}`, () => securityGroup(this.#context, parent, system, workload));
    return sealEndpoint({ group, ports });
  }

  secret(parent: pulumi.Resource, name: string, spec: CredentialSpec, keep: boolean): pulumi.Output<string> {
    if (spec.given !== undefined) return pulumi.secret(spec.given);
    if (spec.certificate) throw new Error(`${name}: no authority for development is on this target`);
    this.#credentials[name] = generatePassword(parent, name, keep);
    return this.#credentials[name];
  }

  /** The topology is complete: services learn which load balancers send them requests, and alarms whom they tell. */
  complete(): void {
    this.#context.alarmTopics.settle();
    attachments(this.#context).settle();
  }

  workload(parent: pulumi.Resource, spec: WorkloadSpec, scope: SystemScope): RunningWorkload {
    return awsWorkload(this.#context, parent, spec, scope);
  }

  job(parent: pulumi.Resource, spec: JobSpec, scope: SystemScope): Ready {
    return awsJob(this.#context, parent, spec, {
      system: scope.system,
      secrets: scope.secrets,
      after: spec.after.map((name) => readyOf(scope, name)),
      reach: reachedParts(spec, scope),
    });
  }
}
