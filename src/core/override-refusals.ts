import { isPlain } from "./override-merge.ts";
import type { Target } from "./platform.ts";

/** An input that nobody may set from outside, since what stands on it would not hold any more. */
interface Refusal {
  /** Kinds of resources. @default all */
  readonly kinds?: readonly string[];
  /** Words of the path to it; one that ends with * stands for all that begin so, and * for all there are. */
  readonly path: readonly string[];
  /** What stands on it, and what sets it instead. */
  readonly why: string;
  readonly fix: string;
}

const inputs = (kinds: readonly string[] | undefined, paths: readonly string[], why: string, fix: string): Refusal[] =>
  paths.map((path) => ({ ...(kinds ? { kinds } : {}), path: path.split("/"), why, fix }));

const called = ["the parts of a stack find each other by it", "rename the component"] as const;
const owned = ["what belongs to the stack is found by it", "add others under keys of your own"] as const;
const isolation = ["who may connect is said by bindings, reaches and egress alone", "declare a binding, or egress"] as const;
const content = ["secrets lie in it", "use the arguments of the component, e.g. env"] as const;

const ofPods = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
const rules = ["vpc.SecurityGroupEgressRule", "vpc.SecurityGroupIngressRule"];

/** By target; all of them are looked at on every target. */
const refusals: Readonly<Record<Target, readonly Refusal[]>> = {
  docker: [
    ...inputs(undefined, ["name"], ...called),
    ...inputs(undefined, ["labels"], owned[0], "leave them: they are one list"),
    ...inputs(["Container"], ["networksAdvanced", "networkMode"], ...isolation),
    ...inputs(["Network"], ["internal", "driver", "options", "ipamConfigs"], ...isolation),
    ...inputs(["Container"], ["envs", "uploads"], ...content),
    ...inputs(["Container"], ["image"], "probe, user and files are made for it", "set image of the service, or images of the stack file"),
    ...inputs(["Container"], ["volumes"], "data and files are found by them", "use volumes or mounts of the service"),
    ...inputs(["Container"], ["ports"], "a number is looked for before anything starts", "use publish, and ports of the stack file"),
    ...inputs(
      ["Container"],
      ["attach", "logs", "mustRun", "start", "wait", "waitTimeout"],
      "what comes behind waits by it",
      "use the probe of the component",
    ),
  ],
  kubernetes: [
    ...inputs(undefined, ["apiVersion", "kind", "metadata/name", "metadata/generateName", "metadata/namespace"], ...called),
    ...inputs(undefined, ["metadata/labels/io.groundplan.*"], ...owned),
    ...inputs(ofPods, ["spec/template/metadata/labels/io.groundplan.*", "spec/selector", "spec/template/spec/serviceAccountName"], ...owned),
    ...inputs(["Service"], ["spec/selector"], ...owned),
    ...inputs(["StatefulSet"], ["spec/serviceName", "spec/volumeClaimTemplates"], "replicas find their names and their data by it", "leave it"),
    ...inputs(["NetworkPolicy", "AuthorizationPolicy", "PeerAuthentication", "ServiceEntry"], ["spec"], ...isolation),
    ...inputs(["Secret", "ConfigMap"], ["data", "stringData", "binaryData", "immutable"], ...content),
  ],
  aws: [
    ...inputs(
      undefined,
      ["name", "namePrefix", "identifier", "identifierPrefix", "bucket", "bucketPrefix", "replicationGroupId", "family", "userId", "userGroupId"],
      ...called,
    ),
    ...inputs(undefined, ["tags/groundplan:*"], ...owned),
    ...inputs(undefined, ["password", "passwords", "authenticationMode", "authToken", "secretString", "secretBinary"], ...content),
    ...inputs(
      rules,
      ["securityGroupId", "referencedSecurityGroupId", "cidrIpv4", "cidrIpv6", "prefixListId", "fromPort", "toPort", "ipProtocol"],
      ...isolation,
    ),
    ...inputs(["ec2.SecurityGroup"], ["ingress", "egress"], ...isolation),
    ...inputs(undefined, ["vpcSecurityGroupIds", "securityGroups", "securityGroupIds", "networkConfiguration"], ...isolation),
  ],
};

/** The refusals that what is laid over a child would touch. */
export const touched = (target: Target, kind: string, over: unknown): readonly Refusal[] =>
  refusals[target].filter(({ kinds, path }) => (kinds === undefined || kinds.includes(kind)) && touches(over, path));

/** Whether it sets the input, or replaces what the input is a part of. */
function touches(over: unknown, [word = "", ...rest]: readonly string[]): boolean {
  if (!isPlain(over)) return true;
  const keys = Object.keys(over).filter((key) => (word.endsWith("*") ? key.startsWith(word.slice(0, -1)) : key === word));
  return keys.some((key) => rest.length === 0 || touches(over[key], rest));
}
