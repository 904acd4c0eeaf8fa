import { isIPv4 } from "node:net";
import { nearest, type Problem } from "../../core/problems.ts";
import type { Profile } from "../../core/profile.ts";
import type { AwsSettings, StackSettings } from "../../core/settings.ts";
import { overlap, parseCidr, privateRanges, usualCidr, within } from "./cidr.ts";
import { logRetentions } from "./logs.ts";

type Add = (path: string, value: unknown, rule: string, fix: string) => void;

/** China has endpoints, principals and host names of its own; nobody has tried the library there. */
const regionForm = /^(af|ap|ca|eu|il|me|mx|sa|us|us-gov)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/;

/** Where Docker's own network is on instances that run containers. */
const dockerBridge = "172.17.0.0/16";

/** What the provider is asked to call, by the names that its endpoints have. */
const services: readonly string[] = [
  ...["acm", "amp", "appautoscaling", "backup", "cloudwatch", "ec2", "ecr", "ecs", "efs", "elasticache", "elbv2", "grafana", "iam", "kms", "lambda"],
  ...["logs", "rds", "route53", "s3", "secretsmanager", "servicediscovery", "sns", "sqs", "ssm", "sts", "wafv2", "xray"],
];

/** What is wrong with the ground's own settings, whatever the topology is. */
export function settingsProblems(settings: StackSettings, aws: AwsSettings): Problem[] {
  const problems: Problem[] = [];
  const origin = settings.origins.aws;
  const add: Add = (path, value, rule, fix) =>
    problems.push({ component: "stack", path: `aws.${path}`, value, rule, fix, ...(origin ? { origin } : {}) });
  for (const [path, region] of [["region", aws.region] as const, ["backupRegion", aws.backupRegion] as const]) {
    if (region !== undefined && !regionForm.test(region)) add(path, region, "a region of AWS outside China", "e.g. eu-central-1");
  }
  if (aws.backupRegion === aws.region) add("backupRegion", aws.backupRegion, "another region than that of the stack", "e.g. eu-west-1");
  zones(add, aws, settings.profile);
  range(add, aws);
  takenRanges(add, aws);
  existingNetwork(add, aws, settings.profile);
  for (const [index, topic] of (aws.alarmTopics ?? []).entries()) {
    const [, , , region] = topic.split(":");
    if (region !== aws.region) add(`alarmTopics[${index}]`, topic, `a topic of ${aws.region}: alarms notify no other region`, "make one there");
  }
  emulator(add, aws, settings.profile);
  const { logDays } = settings.profile;
  if (!logRetentions.includes(logDays)) add("logDays", logDays, `one of ${logRetentions.join(", ")}`, "change logDays of the profile");
  return problems;
}

function zones(add: Add, { region, zones: given }: AwsSettings, { name, aws }: Profile): void {
  for (const [index, zone] of given.entries()) {
    if (zone.slice(0, -1) !== region) add(`zones[${index}]`, zone, `a zone of ${region}`, `e.g. ${region}a`);
    if (given.indexOf(zone) !== index) add(`zones[${index}]`, zone, "each zone once", "name another one");
  }
  if (new Set(given).size < aws.zones) {
    const example = ["a", "b", "c"].slice(0, aws.zones).map((letter) => `${region}${letter}`);
    add("zones", given, `at least ${aws.zones} zones in profile ${name}`, `e.g. [${example.join(", ")}]`);
  }
}

function range(add: Add, { cidr }: AwsSettings): void {
  if (cidr === undefined) return;
  const [address = ""] = cidr.split("/");
  if (!isIPv4(address) || !privateRanges.some((outer) => within(cidr, outer))) {
    add("cidr", cidr, `inside ${privateRanges.join(", ")}`, "e.g. 10.20.0.0/16");
    return;
  }
  const { base, bits } = parseCidr(cidr);
  if (overlap(cidr, dockerBridge)) add("cidr", cidr, `outside ${dockerBridge}: Docker has it on every instance`, "e.g. 10.20.0.0/16");
  if (bits < 16 || bits > 22) add("cidr", cidr, "between /16 and /22: smaller ones leave no room for three tiers", "e.g. 10.20.0.0/16");
  if (base % 2 ** (32 - bits) !== 0) add("cidr", cidr, "the first address of its range", `write the network address of /${bits}`);
}

/** Networks whose ranges overlap can never be joined, and a range cannot be changed later. */
function takenRanges(add: Add, { cidr = usualCidr, takenCidrs = [], vpc }: AwsSettings): void {
  for (const [index, taken] of takenCidrs.entries()) {
    const [address = "", bits = ""] = taken.split("/");
    if (!isIPv4(address) || Number(bits) > 32) add(`takenCidrs[${index}]`, taken, "a range of addresses", "e.g. 10.0.0.0/16");
    else if (!vpc && overlap(cidr, taken))
      add("cidr", cidr, `outside ${taken}, which aws.takenCidrs names`, "choose another range, e.g. 10.64.0.0/16");
  }
}

function existingNetwork(add: Add, { vpc, cidr, nat, zones: given }: AwsSettings, profile: Profile): void {
  if (!vpc) return;
  if (cidr !== undefined) add("cidr", cidr, "nothing beside aws.vpc: an existing network has its range", "remove one of the two");
  if (nat !== undefined) add("nat", nat, "nothing beside aws.vpc: an existing network has its ways out", "remove one of the two");
  const seen = new Set<string>();
  for (const tier of ["public", "private", "data"] as const) {
    if (vpc[tier].length !== given.length || vpc[tier].length < profile.aws.zones) {
      add(`vpc.${tier}`, vpc[tier], `one subnet for each of the ${given.length} zones, in their order`, "name them, or correct aws.zones");
    }
    for (const [index, subnet] of vpc[tier].entries()) {
      if (seen.has(subnet)) add(`vpc.${tier}[${index}]`, subnet, "each subnet once, in one tier", "name another one");
      seen.add(subnet);
    }
  }
}

function emulator(add: Add, { endpoints }: AwsSettings, profile: Profile): void {
  if (!endpoints) return;
  if (profile.guardData)
    add("endpoints", Object.keys(endpoints), `none in profile ${profile.name}: an emulator keeps no data`, "remove it, or use dev");
  for (const name of Object.keys(endpoints).filter((name) => !services.includes(name))) {
    const guess = nearest(name, services);
    add(`endpoints.${name}`, name, `a service that is called: ${services.join(", ")}`, guess ? `did you mean ${guess}?` : "remove it");
  }
  if (!("sts" in endpoints)) {
    add("endpoints", Object.keys(endpoints), "the address of sts, too: it tells which account answers", "add sts with the same URL");
  }
}

/** What is right but leaves something out. */
export const settingsWarnings = ({ profile, images }: StackSettings, { alarmTopics = [], vpc }: AwsSettings): string[] => [
  ...(profile.guardData && alarmTopics.length === 0
    ? ["aws.alarmTopics is empty: alarms ring and tell nobody but the receivers of an ObservabilityStack"]
    : []),
  // Source: "Docker Hub usage and limits", Docker, 2026.
  ...(profile.guardData && !images.mirror
    ? [
        "mirror is not set: Docker Hub lets an address without a login pull about 100 times in six hours, and each task counts for each of its containers, also when many start anew; use a registry of ECR, e.g. a pull-through cache",
      ]
    : []),
  ...(vpc
    ? [
        "aws.vpc: its endpoints are not known, so what calls APIs of AWS, as the start of every task does, may go to port 443 everywhere; checks find services by their short names only if its DHCP options search the zone of this stack",
      ]
    : []),
];
