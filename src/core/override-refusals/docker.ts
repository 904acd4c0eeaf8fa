import {
  called,
  closed,
  content,
  host,
  identity,
  inputs,
  isolation,
  owned,
  probed,
  published,
  type Refusal,
  started,
  stored,
  waiting,
} from "./refusal.ts";

const containers = ["Container"];

export const dockerRefusals: readonly Refusal[] = [
  ...inputs(undefined, ["name"], called),
  ...inputs(undefined, ["labels"], [owned[0], "leave them: they are one list"]),
  closed(["Network"], [], isolation),
  closed(["Image"], [], started),
  closed(["RemoteImage"], ["keepLocally", "forceRemove"], started),
  ...inputs(["Volume"], ["driver", "driverOpts"], stored),
  ...inputs(containers, ["network*", "hosts", "links", "dns", "dnsSearches"], isolation),
  ...inputs(containers, ["hostname", "domainname"], called),
  ...inputs(containers, ["ports", "publishAllPorts"], [published[0], "use publish, and ports of the stack file"]),
  // Namespaces of the machine or of another container, which see what that one sees.
  ...inputs(containers, ["*Mode", "privileged", "devices"], host),
  ...inputs(containers, ["user", "groupAdds"], identity),
  ...inputs(containers, ["envs", "uploads"], content),
  ...inputs(containers, ["image", "command", "entrypoints"], started),
  ...inputs(containers, ["healthcheck"], probed),
  ...inputs(containers, ["volumes", "mounts"], stored),
  ...inputs(containers, ["attach", "logs", "mustRun", "rm", "start", "wait", "waitTimeout"], waiting),
];
