import { container, hostNames, networksOf, staysUp } from "../docker.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { below, isTrue, list, number, records, shown, text } from "../read.ts";

const limits: Policy = {
  id: "docker-limits",
  title: "Containers have a limit of memory, and their logs a limit of size",
  severity: "medium",
  why: "One container that leaks takes the memory of all others, and a log without a limit fills the disk of the machine.",
  fix: "Components set both (`memoryMiB`); on a raw container set memory, and logOpts with max-size for the driver json-file.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.11", "Docker docs: json-file, max-size"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: function* ({ inputs }) {
    if ((number(inputs.memory) ?? 0) <= 0) yield { path: "memory", is: `${shown(inputs.memory)}: the container may take all memory of the machine` };
    if (number(inputs.memorySwap) === -1) yield { path: "memorySwap", is: "is -1: the container may swap without a limit" };
    const driver = text(inputs.logDriver) ?? "";
    if (/^(|json-file)$/.test(driver) && (text(below(inputs, "logOpts.max-size")) ?? "") === "") {
      const by = driver === "" ? "the driver is not set, which is json-file unless the daemon says otherwise" : "the driver is json-file";
      yield { path: "logOpts.max-size", is: `is not set, and ${by}: the log grows until the disk is full` };
    }
  },
};

const cpuLimit: Policy = {
  id: "docker-cpu-limit",
  title: "Containers have a limit or a share of the processors",
  severity: "medium",
  why: "One container in a loop slows down every other one on the machine.",
  fix: "Set `cpus` of the component; on a raw container set cpus or cpuShares.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.12"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: ({ inputs }) => {
    const set = ["cpus", "cpuShares", "cpuQuota"].some((name) => (number(inputs[name]) ?? 0) > 0) || (text(inputs.cpuSet) ?? "") !== "";
    // What never starts, and a job that ends, keep no processor busy for long.
    return set || !staysUp(inputs)
      ? []
      : [{ path: "cpus", is: "is not set, nor is cpuShares: the container may take all processors of the machine" }];
  },
};

const restart: Policy = {
  id: "docker-restart",
  title: "Containers come back after a failure, and stay down when they were stopped",
  severity: "medium",
  why: "Without a restart policy a crash, or a restart of the machine, ends the service; with always a container comes back that an operator stopped on purpose.",
  fix: 'Components set it by themselves; on a raw container set restart to "unless-stopped", or to "on-failure" with maxRetryCount; a job says mustRun: false.',
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.15"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: ({ inputs }) => {
    const policy = text(inputs.restart) ?? "";
    if (policy === "always")
      return [{ path: "restart", is: `${shown(policy)}: the container is restarted for ever, also when it was stopped on purpose` }];
    if (/^(unless-stopped|on-failure)/.test(policy) || !staysUp(inputs)) return [];
    return [{ path: "restart", is: `${shown(inputs.restart)}: the container stays down after a failure or a restart of the machine` }];
  },
};

const health: Policy = {
  id: "docker-health",
  title: "Containers that others depend on have a health check",
  severity: "medium",
  why: "Docker calls a server running as soon as its process exists: what depends on it starts too early, and nobody notices that it hangs.",
  fix: "Components have one (`health` of AppService); on a raw container set healthcheck.tests, or let a container on the same network ask it.",
  types: [container],
  scope: "stack",
  references: ["CIS Docker 5.27", "DS-0026"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: function* (stack) {
    const containers = stack.ofType(container);
    for (const resource of containers) {
      const { inputs } = resource;
      if (hasHealthCheck(inputs) || !staysUp(inputs)) continue;
      const because = neededBy(stack, resource);
      if (because === undefined || containers.some((other) => other !== resource && asks(stack, other, resource))) continue;
      const off = list(below(inputs, "healthcheck.tests")).length > 0;
      const what = off ? "switches the check off" : "is not set: only the image could bring a check of its own";
      yield { resource, path: "healthcheck.tests", is: `${what}, and ${because}` };
    }
  },
};

const testsOf = (inputs: Resource["inputs"]) => list(below(inputs, "healthcheck.tests")).flatMap((part) => text(part) ?? []);
const hasHealthCheck = (inputs: Resource["inputs"]) => testsOf(inputs).length > 0 && testsOf(inputs)[0] !== "NONE";

/** Why a container must be able to tell that it can serve; undefined when nobody relies on it. */
function neededBy(stack: Stack, resource: Resource): string | undefined {
  const { inputs } = resource;
  if (list(inputs.ports).length > 0 || isTrue(inputs.publishAllPorts)) return "it publishes ports";
  if (records(inputs.networksAdvanced).some(([, { aliases }]) => list(aliases).length > 0)) return "others call it by a name on their network";
  const [user] = stack.referring(resource, [container]);
  return user && `${user.name} takes a value from it`;
}

/** A prober: a container on a network of the other one, whose own health check names it. */
function asks(stack: Stack, prober: Resource, server: Resource): boolean {
  const words = testsOf(prober.inputs).flatMap((part) => part.split(/[^\w.-]+/));
  if (!hostNames(server.inputs).some((name) => words.includes(name))) return false;
  const networks = networksOf(stack, server);
  return networksOf(stack, prober).some((one) => networks.includes(one));
}

export const dockerRunningPolicies: readonly Policy[] = [limits, cpuLimit, restart, health];
