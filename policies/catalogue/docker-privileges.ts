import { capabilities, container, dropsAll, sealedJob, staysUp } from "../docker.ts";
import type { Levels, Policy } from "../model.ts";
import { isTrue, list, shown, text } from "../read.ts";

const levels: Levels = { dev: "advisory", staging: "advisory", prod: "mandatory" };

const droppedCapabilities: Policy = {
  id: "docker-capabilities",
  title: "Containers give up all capabilities of the kernel and add none but NET_BIND_SERVICE",
  severity: "medium",
  why: "Docker leaves a process more than a dozen rights of root; SYS_ADMIN and its like are nearly all of them. A process that is broken into has what it was left.",
  fix: "Components drop ALL by themselves; on a raw container set capabilities.drops to ALL and take out capabilities.adds.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.4", "PSS restricted"],
  levels,
  check: function* ({ inputs }) {
    for (const [index, name] of capabilities(inputs, "adds")) {
      // Files that are mounted into a job without a network may change hands: all else that a server does needs no capability.
      if (name === "NET_BIND_SERVICE" || (name === "CHOWN" && sealedJob(inputs))) continue;
      yield { path: `capabilities.adds[${index}]`, is: `adds ${name || "something that is no capability"}, a right of root` };
    }
    if (!dropsAll(inputs))
      yield { path: "capabilities.drops", is: "does not name ALL: the container keeps the capabilities that Docker leaves by default" };
  },
};

const noNewPrivileges: Policy = {
  id: "docker-no-new-privileges",
  title: "Processes in containers may not gain privileges",
  severity: "medium",
  why: "A program with the setuid bit in the image makes root of any user that starts it.",
  fix: 'Components set it by themselves; on a raw container add "no-new-privileges" to securityOpts.',
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.26", "PSS restricted"],
  levels,
  check: ({ inputs }) => {
    const set = list(inputs.securityOpts).some((option) => /^no-new-privileges([:=]true)?$/.test(text(option) ?? ""));
    return set
      ? []
      : [
          {
            path: "securityOpts",
            is: 'does not say "no-new-privileges": a setuid program in the image becomes root, unless the daemon itself forbids it',
          },
        ];
  },
};

const kernelFilters: Policy = {
  id: "docker-seccomp",
  title: "Containers keep the filters of system calls and files that Docker sets",
  severity: "medium",
  why: "Docker refuses a container the system calls by which the kernel was broken into before; unconfined takes the filter away.",
  fix: "Components never take it away; on a raw container take the unconfined entry out of securityOpts, or give a profile of its own.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.2", "CIS Docker 5.3", "CIS Docker 5.22"],
  levels,
  check: function* ({ inputs }) {
    for (const [index, option] of list(inputs.securityOpts).entries()) {
      const off = /^((seccomp|apparmor|systempaths)[:=]unconfined|label[:=]disable)$/.test(text(option) ?? "");
      if (off) yield { path: `securityOpts[${index}]`, is: `${shown(option)}: the container runs without that protection` };
    }
  },
};

const nonroot: Policy = {
  id: "docker-nonroot",
  title: "Containers do not run as root, but for jobs without network and capabilities",
  severity: "medium",
  why: "Root in a container is root of the machine as soon as it finds a way out, and owns every file that is mounted.",
  fix: "Set `user` of AppService; on a raw container set user to a number that is not 0.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 4.1", "DS-0002", "PSS restricted"],
  levels,
  check: ({ inputs }) => {
    const user = text(inputs.user) ?? "";
    return /^(0+|root)(:|$)/.test(user) && !sealedJob(inputs)
      ? [{ path: "user", is: `${shown(user)}: all processes of the container are root` }]
      : [];
  },
};

const userSet: Policy = {
  id: "docker-user-set",
  title: "Containers say which user they run as",
  severity: "medium",
  why: "Without a user the image decides, and most images decide for root: the container is then what docker-nonroot forbids, and nothing in the program says so. The next version of an image may decide otherwise, too.",
  fix: "Components always set it; on a raw container set user to a number that is not 0.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 4.1", "DS-0002"],
  levels,
  check: ({ inputs }) =>
    (text(inputs.user) ?? "") === "" ? [{ path: "user", is: `${shown(inputs.user)}: the image decides, and may decide for root` }] : [],
};

const readOnlyRoot: Policy = {
  id: "docker-readonly-rootfs",
  title: "Containers cannot write to their root file system",
  severity: "medium",
  why: "Who breaks into a process that may write everywhere leaves programs of his own there, and what a server writes there is lost with the container.",
  fix: "Leave out `writableRoot` of AppService, which has /tmp to write to; on a raw container set readOnly and mount a tmpfs or a volume where it writes.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.13", "KSV-0014"],
  levels,
  check: ({ inputs }) => {
    if (isTrue(inputs.readOnly)) return [];
    // Docker copies files only into a root that can be written; in a container that never starts nobody writes to it.
    if (list(inputs.uploads).length > 0 && text(inputs.networkMode) === "none" && !staysUp(inputs)) return [];
    return [{ path: "readOnly", is: `${shown(inputs.readOnly)}: the container may change its own programs` }];
  },
};

export const dockerPrivilegePolicies: readonly Policy[] = [droppedCapabilities, noNewPrivileges, kernelFilters, nonroot, userSet, readOnlyRoot];
