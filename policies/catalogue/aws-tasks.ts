import { containersOf, ecsService, endsBefore, onWindows, taskDefinition } from "../ecs-task.ts";
import type { Policy } from "../model.ts";
import { below, isTrue, json, list, record, records, shown, text } from "../read.ts";
import { isPlainValue, namesSecret, secretForm, textsOf } from "../secret-text.ts";

const noPublicIp: Policy = {
  id: "ecs-no-public-ip",
  title: "Tasks have no public address",
  severity: "high",
  why: "A task with a public address is scanned from the internet within minutes, and one rule of its security group too many opens it.",
  fix: "Components run in private subnets; aws.nat in the stack file is their way out. On a raw service set networkConfiguration.assignPublicIp to false and take private subnets.",
  types: [ecsService, "aws:ecs/taskSet:TaskSet", "aws:cloudwatch/eventTarget:EventTarget", "aws:scheduler/schedule:Schedule"],
  scope: "resource",
  references: ["FSBP ECS.2", "FSBP ECS.16", "CKV_AWS_333"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: ({ inputs }) =>
    ["networkConfiguration", "ecsTarget.networkConfiguration", "target.ecsParameters.networkConfiguration"].flatMap((path) =>
      isTrue(below(inputs, `${path}.assignPublicIp`))
        ? [{ path: `${path}.assignPublicIp`, is: "is true: every task gets an address that the internet reaches" }]
        : [],
    ),
};

/** Folders of the machine with which a container owns it. */
const machineFolders = /^(\/|\/(etc|proc|sys|dev|boot|root|usr|var|run|var\/run|var\/lib)(\/.*)?|.*docker\.sock)$/;

const noPrivileged: Policy = {
  id: "ecs-no-privileged",
  title: "Tasks ask for no power over their machine",
  severity: "high",
  why: "A container that shares namespaces, folders or devices with its machine, or has capabilities added, can read every other task there and the machine's own credentials.",
  fix: "Components never ask for it; in a raw task definition use networkMode awsvpc, take out pidMode, ipcMode and host folders, and in containerDefinitions privileged, linuxParameters.devices and capabilities.add.",
  types: [taskDefinition],
  scope: "resource",
  references: ["FSBP ECS.1", "FSBP ECS.3", "FSBP ECS.4", "FSBP ECS.17", "CKV_AWS_334", "CKV_AWS_335"],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check({ inputs }) {
    for (const path of ["networkMode", "pidMode", "ipcMode"])
      if (text(inputs[path]) === "host") yield { path, is: `${shown("host")}: it is shared with the machine` };
    for (const [index, { hostPath }] of records(inputs.volumes))
      if (machineFolders.test(text(hostPath) ?? ""))
        yield { path: `volumes[${index}].hostPath`, is: `${shown(hostPath)}: a folder with which a container owns the machine` };
    if (!Array.isArray(json(inputs.containerDefinitions)))
      yield { path: "containerDefinitions", is: "is no JSON list of containers, so nothing can be said about them" };
    for (const [path, { privileged, linuxParameters }] of containersOf(inputs)) {
      if (isTrue(privileged)) yield { path: `${path}.privileged`, is: "is true: the container may do all that root of the machine may" };
      const added = list(below(linuxParameters, "capabilities.add"));
      if (added.length > 0)
        yield { path: `${path}.linuxParameters.capabilities.add`, is: `gives ${added.map(String).join(", ")} on top of what containers have` };
      if (list(record(linuxParameters).devices).length > 0) yield { path: `${path}.linuxParameters.devices`, is: "opens devices of the machine" };
    }
  },
};

const root = /^(root|0+)(:|$)/;

const nonRoot: Policy = {
  id: "ecs-nonroot",
  title: "Containers of tasks do not run as root",
  severity: "medium",
  why: "Root in a container is root of the kernel that it shares: a flaw of the program becomes one of the machine. A container that is not essential, drops all capabilities and must end (SUCCESS or COMPLETE) before an essential one starts may be root, because volumes of Fargate belong to root and somebody has to hand over the files; nothing can reach it.",
  fix: "Set user of the component (AppService: 1000:1000 unless told otherwise); in containerDefinitions set user to a number that is not 0.",
  types: [taskDefinition],
  scope: "resource",
  references: ["FSBP ECS.20", "FSBP ECS.21", "CIS Docker 4.1"],
  levels: { dev: "advisory", staging: "advisory", prod: "mandatory" },
  *check({ inputs }) {
    const windows = onWindows(inputs);
    const containers = containersOf(inputs);
    for (const [path, container] of containers) {
      const user = text(container.user) ?? "";
      const dropsAll = list(below(container.linuxParameters, "capabilities.drop")).includes("ALL");
      if (endsBefore(container, containers) && dropsAll) continue;
      if (user === "") yield { path: `${path}.user`, is: `is not set: the image decides, and most run as ${windows ? "an administrator" : "root"}` };
      else if (windows ? /administrator$/i.test(user) : root.test(user)) yield { path: `${path}.user`, is: shown(user) };
    }
  },
};

const readonlyRoot: Policy = {
  id: "ecs-readonly-rootfs",
  title: "Containers of tasks cannot write to their image",
  severity: "medium",
  why: "Whoever breaks into a container that can write to its image leaves tools behind and changes the program.",
  fix: "Leave writableRoot of the component false, and give what must be written a volume; in containerDefinitions set readonlyRootFilesystem to true and mount tmpfs or a volume.",
  types: [taskDefinition],
  scope: "resource",
  references: ["FSBP ECS.5", "CKV_AWS_336"],
  levels: { dev: "advisory", staging: "advisory", prod: "mandatory" },
  check: ({ inputs }) =>
    onWindows(inputs)
      ? []
      : containersOf(inputs).flatMap(([path, { readonlyRootFilesystem }]) =>
          isTrue(readonlyRootFilesystem)
            ? []
            : [{ path: `${path}.readonlyRootFilesystem`, is: `${shown(readonlyRootFilesystem)}: the program may change its own image` }],
        ),
};

const noEnvSecrets: Policy = {
  id: "ecs-no-env-secrets",
  title: "Tasks take secrets by reference",
  severity: "high",
  why: "Whoever may describe a task definition reads its environment, commands and labels, and every revision keeps it for ever.",
  fix: "Bind the component (bindings), or pass env a secret Output: both become keys of a secret. In containerDefinitions name it under secrets with valueFrom, or under secretOptions of a log driver; a command takes it from its environment.",
  types: [taskDefinition],
  scope: "resource",
  references: ["FSBP ECS.8", "AWS-0036"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ inputs }) {
    for (const [path, { environment, ...others }] of containersOf(inputs)) {
      for (const [index, { name, value }] of records(environment)) {
        const told = tells(text(name) ?? "", text(value) ?? "");
        if (told) yield { path: `${path}.environment[${index}]`, is: `sets ${text(name) ?? "it"} to ${told}, in the task definition` };
      }
      for (const { path: input, name, value } of textsOf(others, path, "")) {
        const told = tells(name, value);
        if (told) yield { path: input, is: `holds ${told}; the task definition keeps it for all to read` };
      }
    }
  },
};

/** What gives a text away as a secret: its form, or its name. */
const tells = (name: string, value: string): string | undefined =>
  secretForm(value) ?? (namesSecret(name) && isPlainValue(value) ? "a value that is written down plainly" : undefined);

export const awsTaskPolicies: readonly Policy[] = [noPublicIp, noPrivileged, nonRoot, readonlyRoot, noEnvSecrets];
