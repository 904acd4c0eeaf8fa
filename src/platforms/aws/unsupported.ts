import type { ExistingSystem } from "../../core/existing.ts";
import { type ImageName, imageReference } from "../../core/images.ts";
import { missingPaths } from "../../core/missing-paths.ts";
import { type ProbeTimings, probeTimings } from "../../core/probe.ts";
import type { Problem } from "../../core/problems.ts";
import type { SystemSpec } from "../../core/system.ts";
import { shownText } from "../../core/text.ts";
import { coarserOn, unsupportedOn } from "../../core/unsupported.ts";
import type { ContainerSpec, JobSpec, WorkloadSpec } from "../../core/workload.ts";
import { mostCheckoutMiB } from "./checkouts.ts";
import type { AwsContext } from "./context.ts";
import { largestTask, taskSize } from "./fargate.ts";
import { originOf } from "./images.ts";
import { longestJobSeconds } from "./job.ts";
import { healthCheckLimits, probePlace } from "./probe.ts";
import { natOf } from "./way-out.ts";

export type AwsFacts = Pick<AwsContext, "settings" | "aws" | "sizes" | "root">;

const longestStopSeconds = 120;
/** A task definition has 64 KiB, and so has a secret; files are not all of it. */
const mostFileBytes = 40 * 1024;

/** What AWS cannot honour, as problems. Workloads that a managed service stands in for run nowhere; their jobs do. */
export function awsProblems(facts: AwsFacts, spec: SystemSpec, managed: boolean): Problem[] {
  return [
    ...unsupportedOn("aws", spec),
    ...missingPaths(spec, facts.root),
    ...(managed ? [] : spec.workloads.flatMap((workload) => workloadProblems(facts, spec.name, workload))),
    ...spec.jobs.flatMap((job) => jobProblems(facts, spec.name, job)),
  ];
}

function workloadProblems(facts: AwsFacts, component: string, spec: WorkloadSpec): Problem[] {
  const problems: Problem[] = [];
  const add = (path: string, value: unknown, rule: string, fix: string) => problems.push({ component, path, value, rule, fix });
  const { cpus, memoryMiB } = spec.resources;
  if (taskSize(cpus, memoryMiB + 128) === undefined) {
    const rule = `at most ${largestTask.cpus} CPUs and ${largestTask.memoryMiB} MiB for a task, health check and proxy included`;
    add("memoryMiB", memoryMiB, rule, "make the service smaller, and run more of it");
  }
  if (spec.stopSeconds > longestStopSeconds) {
    add("stopSeconds", spec.stopSeconds, `at most ${longestStopSeconds} seconds on Fargate`, "hand work over sooner");
  }
  for (const [key, value] of Object.entries(probeTimings(spec.probe)) as [keyof ProbeTimings, number][]) {
    const [least, most] = healthCheckLimits[key];
    // Shorter intervals and timeouts are rounded up, with a warning.
    if (value > most || (value < least && key === "retries")) {
      add(`health.${key}`, value, `${least} to ${most} in a health check of ECS`, "choose a value in that range");
    }
  }
  const copiesMiB = (spec.checkouts ?? []).reduce((sum, { sizeMiB }) => sum + sizeMiB, 0);
  if (copiesMiB > mostCheckoutMiB) {
    add("checkouts", copiesMiB, `copies of at most ${mostCheckoutMiB} MiB together: a task has no larger disk`, "lower sizeMiB, or use volumes");
  }
  if (spec.identity === "stable" && spec.replicas > 1) {
    add("replicas", spec.replicas, "one: tasks of a service are alike, and none keeps a name or a volume of its own", "set replicas: 1");
  }
  return [...problems, ...imageProblems(facts, component, spec), ...egressProblems(facts, component, spec)];
}

function jobProblems(facts: AwsFacts, component: string, spec: JobSpec): Problem[] {
  const problem = (value: unknown, rule: string, fix: string): Problem => ({ component, path: spec.name, value, rule, fix });
  const bytes = spec.files.reduce((sum, { content }) => sum + Buffer.byteLength(shownText(content)), 0);
  return [
    ...(spec.timeoutSeconds > longestJobSeconds
      ? [problem(spec.timeoutSeconds, `a job of at most ${longestJobSeconds} seconds on AWS`, "do less in it")]
      : []),
    ...(bytes > mostFileBytes ? [problem(bytes, `files of at most ${mostFileBytes} bytes for one job on AWS`, "declare less, or split it")] : []),
    ...imageProblems(facts, component, spec),
  ];
}

/** Without a way out a task pulls from ECR only. */
function imageProblems({ settings, aws, sizes }: AwsFacts, component: string, { image }: ContainerSpec): Problem[] {
  if ("build" in image || aws.vpc || natOf({ aws, sizes }) !== "none") return [];
  const reference = imageReference(image, settings.images);
  const origin = originOf(reference);
  if (origin.kind === "ecr") return [];
  const rule = `an image in ECR: with aws.nat: none tasks have no way to ${origin.registry}`;
  return [
    { component, path: "image", value: reference, rule, fix: "set mirror to a registry of ECR in the stack file, or aws.nat to one or regional" },
  ];
}

function egressProblems({ aws, sizes }: AwsFacts, component: string, { egress }: WorkloadSpec): Problem[] {
  if (egress.length === 0 || aws.vpc || natOf({ aws, sizes }) !== "none") return [];
  const value = egress.map(({ host, port }) => `${host}:${port}`);
  return [
    {
      component,
      path: "egress",
      value,
      rule: "none: aws.nat is none, so nothing leaves the network",
      fix: "set aws.nat to one or regional, or remove it",
    },
  ];
}

/** A system elsewhere that is not in a range, nor behind a group, is beyond the internet. */
export function noWayOut({ aws, sizes }: Pick<AwsFacts, "aws" | "sizes">, { name, digest }: SystemSpec, { network = {} }: ExistingSystem): Problem[] {
  if (network.cidr !== undefined || network.securityGroup !== undefined || aws.vpc || natOf({ aws, sizes }) !== "none") return [];
  const rule = "within existing.network: aws.nat is none, so nothing leaves the network";
  return [{ component: name, path: "existing.host", value: digest.existing, rule, fix: "give existing.network, or set aws.nat to one or regional" }];
}

/** What is honoured more coarsely than the topology says, as warnings. */
export function awsWarnings({ settings }: AwsFacts, spec: SystemSpec, managed: boolean): string[] {
  const workloads = managed ? [] : spec.workloads;
  const outside = [...workloads, ...spec.jobs].flatMap(({ image }) => {
    if ("build" in image) return [];
    const origin = originOf(imageReference(image, settings.images));
    return origin.kind === "internet" ? [origin.registry] : [];
  });
  const helpers: ImageName[] = [
    ...(workloads.some((workload) => probePlace(workload) === "beside") ? (["toolbox"] as const) : []),
    ...(workloads.some(({ checkouts = [] }) => checkouts.length > 0) ? (["git"] as const) : []),
  ];
  const registries = [...new Set([...outside, ...helpers.flatMap((helper) => registryOf(settings, helper))])];
  return [
    ...coarserOn("aws", spec),
    ...(registries.length > 0
      ? [`images from ${registries.join(", ")}: its tasks may go to port 443 everywhere; with mirror set to a registry of ECR they may not`]
      : []),
    ...(spec.kind === "AppService" ? workloads.flatMap(rounded) : []),
  ];
}

function registryOf(settings: AwsFacts["settings"], table: ImageName): string[] {
  const origin = originOf(imageReference({ table }, settings.images));
  return origin.kind === "internet" ? [origin.registry] : [];
}

/** Only of a service did somebody write the timings. */
function rounded({ probe }: WorkloadSpec): string[] {
  const timings = probeTimings(probe);
  return (["intervalSeconds", "timeoutSeconds"] as const).flatMap((key) => {
    const least = healthCheckLimits[key][0];
    return timings[key] < least ? [`health.${key}: ECS checks with ${least} seconds instead of ${timings[key]}`] : [];
  });
}
