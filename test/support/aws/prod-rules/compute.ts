import type { PlanResource } from "../../../../src/preview/plan.ts";
import { inGroups } from "./data.ts";
import type { Look } from "./look.ts";
import { at, inTier, is, keyed, names, type Rows, type Rule } from "./rule.ts";

/** Services of one task in every stage, each with the reason. */
const single: Readonly<Record<string, string>> = {
  "telemetry-exporter-nats": "it counts; a second one would count twice",
  "telemetry-exporter-postgres": "it counts; a second one would count twice",
  "telemetry-exporter-redis": "it counts; a second one would count twice",
  "telemetry-scraper": "it counts; a second one would count twice",
};

interface Container {
  readonly name: string;
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  readonly privileged?: boolean;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string }[];
  readonly linuxParameters: { readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] } };
  readonly logConfiguration?: { readonly options: Readonly<Record<string, string>> };
}

interface Volume {
  readonly host?: unknown;
  readonly hostPath?: string;
  readonly efsVolumeConfiguration?: { readonly transitEncryption?: string; readonly authorizationConfig?: { readonly iam?: string } };
}

const containersOf = ({ inputs }: PlanResource) => JSON.parse(String(inputs.containerDefinitions)) as readonly Container[];
const tells = /PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY|API_KEY/i;

/** Something of every container of a task; the fault is a change of the first. */
const everyContainer = (
  says: string,
  holds: (of: Container, look: Parameters<Rule["holds"]>[1]) => boolean,
  ...changes: readonly object[]
): Rule => ({
  says,
  holds: (it, look) => containersOf(it).every((of) => holds(of, look)),
  faults: changes.map((change) => ({
    inputs: {
      containerDefinitions: (was: string) =>
        JSON.stringify((JSON.parse(was) as object[]).map((of, index) => (index === 0 ? { ...of, ...change } : of))),
    },
  })) as unknown as Rule["faults"],
});

export const compute: Rows = {
  "aws:ecs/cluster:Cluster": [is("settings.0", { name: "containerInsights", value: "enhanced" }, { name: "containerInsights", value: "disabled" })],
  "aws:ecs/service:Service": [
    is("launchType", "FARGATE"),
    is("enableExecuteCommand", false, true),
    is("deploymentCircuitBreaker", { enable: true, rollback: true }, { enable: true, rollback: false }),
    is("alarms.enable", true, false),
    is("alarms.rollback", true, false),
    {
      says: "goes back when alarms of this plan ring",
      holds: ({ inputs }, look) => {
        const rings = (at(inputs, "alarms.alarmNames") ?? []) as string[];
        return (
          rings.length > 0 && rings.every((name) => look.of("aws:cloudwatch/metricAlarm:MetricAlarm").some((alarm) => alarm.inputs.name === name))
        );
      },
      faults: [{ inputs: { "alarms.alarmNames": [] } }, { inputs: { "alarms.alarmNames": ["of-another"] } }],
    },
    is("networkConfiguration.assignPublicIp", false, true),
    inTier("networkConfiguration.subnets", "private"),
    inGroups("networkConfiguration.securityGroups"),
    is("availabilityZoneRebalancing", "ENABLED", "DISABLED"),
    is("deploymentMinimumHealthyPercent", 100, 0),
    is("waitForSteadyState", true, false),
    {
      says: "has two tasks, save those that are to be alone",
      holds: ({ name, inputs }, { stage }) => {
        const part = name.replace(/-service$/, "");
        const least = part in single || part in stage.single ? 1 : 2;
        return Number(inputs.desiredCount) >= least;
      },
      faults: [{ inputs: { desiredCount: 1 } }],
    },
    names("taskDefinition", "aws:ecs/taskDefinition:TaskDefinition", ({ outputs }) => outputs.arn),
  ],
  "aws:ecs/taskDefinition:TaskDefinition": [
    is("requiresCompatibilities", ["FARGATE"], ["EC2"]),
    is("networkMode", "awsvpc", "host"),
    everyContainer("no container writes its root", ({ readonlyRootFilesystem }) => readonlyRootFilesystem === true, {
      readonlyRootFilesystem: false,
    }),
    everyContainer(
      "no container is root, save a step that gives a volume its files",
      ({ name, user }) => /-files$|-checkout-/.test(name) || /^[1-9]\d*:\d+$/.test(user),
      { user: "0:0" },
      { user: undefined },
    ),
    everyContainer(
      "no container has a capability",
      ({ privileged, linuxParameters: { capabilities } }) =>
        privileged !== true && capabilities.add.length === 0 && capabilities.drop.includes("ALL"),
      { privileged: true },
      { linuxParameters: { capabilities: { add: ["SYS_ADMIN"], drop: [] } } },
    ),
    everyContainer(
      "no credential is in a variable",
      ({ environment }, { plan }) =>
        environment.every(({ name, value }) => !tells.test(name) && plan.credentials.every((credential) => !value.includes(credential.value))),
      { environment: [{ name: "DB_PASSWORD", value: "x" }] },
    ),
    everyContainer(
      "every container writes into a log group of this plan",
      ({ logConfiguration }, look) =>
        look.of("aws:cloudwatch/logGroup:LogGroup").some(({ inputs }) => inputs.name === logConfiguration?.options["awslogs-group"]),
      { logConfiguration: undefined },
    ),
    {
      says: "logs in to PostgreSQL by TLS, and asks who answers",
      of: ({ inputs }) => /"(POSTGRES_PWD|DATABASE_PASSWORD)"/.test(String(inputs.containerDefinitions)),
      holds: (it) =>
        containersOf(it)
          .filter(({ secrets }) => secrets.some(({ name }) => /^(POSTGRES_PWD|DATABASE_PASSWORD)$/.test(name)))
          .every(({ environment, secrets }) => {
            const value = (name: string) => environment.find((of) => of.name === name)?.value;
            const server = value("SQL_TLS_ENABLED") === "true" && value("SQL_HOST_VERIFICATION") === "true" && value("SQL_CA") !== undefined;
            const tool = value("SQL_TLS") === "true" && value("SQL_TLS_CA_FILE") !== undefined && value("PGSSLMODE") === "verify-full";
            return (server || tool) && secrets.some(({ name }) => name === "DATABASE_CA");
          }),
      faults: ['"SQL_TLS_ENABLED"', '"SQL_HOST_VERIFICATION"', '"SQL_CA"', '"DATABASE_CA"'].map((name) => ({
        inputs: { containerDefinitions: (was: string) => was.replace(name, '"OTHER"') },
      })) as unknown as Rule["faults"],
    },
    {
      says: "mounts no disk of a host, and file systems by TLS and a role",
      holds: ({ inputs }) =>
        (inputs.volumes as Volume[]).every(
          ({ host, hostPath, efsVolumeConfiguration: efs }) =>
            host === undefined &&
            hostPath === undefined &&
            (efs === undefined || (efs.transitEncryption === "ENABLED" && efs.authorizationConfig?.iam === "ENABLED")),
        ),
      faults: [
        { inputs: { volumes: [{ name: "x", hostPath: "/" }] } },
        { inputs: { volumes: [{ name: "x", efsVolumeConfiguration: { authorizationConfig: { iam: "ENABLED" } } }] } },
        { inputs: { volumes: [{ name: "x", efsVolumeConfiguration: { transitEncryption: "ENABLED" } }] } },
      ],
    },
  ],
  "aws:ec2/instance:Instance": [
    {
      says: "is in a private subnet, without an address of the internet",
      holds: ({ inputs }, { tierOf }) => tierOf(inputs.subnetId) === "private" && inputs.associatePublicIpAddress !== true,
      faults: [{ inputs: { subnetId: "subnet-of-another" } }, { inputs: { associatePublicIpAddress: true } }],
    },
    {
      says: "shares its zone with no other node",
      holds: (it, look) =>
        look.of("aws:ec2/instance:Instance").every((other) => other.name === it.name || other.inputs.subnetId !== it.inputs.subnetId),
      faults: [{ inputs: { subnetId: (_: unknown, { of }: Look) => of("aws:ec2/instance:Instance")[1]?.inputs.subnetId } }],
    },
    names("launchTemplate.id", "aws:ec2/launchTemplate:LaunchTemplate", ({ id }) => id),
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    is("metadataOptions.httpTokens", "required", "optional"),
    is("metadataOptions.httpPutResponseHopLimit", 1, 2),
    is("metadataOptions.instanceMetadataTags", "disabled", "enabled"),
    is("blockDeviceMappings.0.ebs.encrypted", "true", "false"),
    keyed("blockDeviceMappings.0.ebs.kmsKeyId", "data"),
    is("disableApiTermination", true, false),
    is("monitoring.enabled", true, false),
    {
      says: "gives no address of the internet",
      holds: ({ inputs }) => !JSON.stringify(inputs.networkInterfaces ?? []).includes('"associatePublicIpAddress":"true"'),
      faults: [{ inputs: { networkInterfaces: [{ associatePublicIpAddress: "true" }] } }],
    },
    {
      says: "has no credential in what it runs first",
      holds: ({ inputs }, { plan }) => {
        const script = Buffer.from(String(inputs.userData), "base64").toString("utf8");
        return script.startsWith("#!") && plan.credentials.every(({ value }) => !script.includes(value));
      },
      faults: [{ inputs: { userData: "" } }],
    },
  ],
  "aws:ssm/association:Association": [is("maxConcurrency", "1", "100%"), is("maxErrors", "0", "100%")],
  "aws:lambda/function:Function": [
    names("loggingConfig.logGroup", "aws:cloudwatch/logGroup:LogGroup", ({ inputs }) => inputs.name),
    {
      says: "has no variables, and so no credential in one",
      holds: ({ inputs }) => inputs.environment === undefined,
      faults: [{ inputs: { environment: { variables: { DB_PASSWORD: "x" } } } }],
    },
    names("role", "aws:iam/role:Role", ({ outputs }) => outputs.arn),
  ],
  "aws:lambda/invocation:Invocation": [
    {
      says: "starts its task in the private subnets",
      holds: ({ inputs }, look) => look.isTier((JSON.parse(String(inputs.input)) as { subnets: unknown }).subnets, "private"),
      faults: [{ inputs: { input: '{"subnets":["subnet-of-another"]}' } }],
    },
  ],
  "aws:appautoscaling/target:Target": [
    {
      says: "never goes below two tasks",
      holds: ({ inputs }) => Number(inputs.minCapacity) >= 2,
      faults: [{ inputs: { minCapacity: 1 } }],
    },
  ],
  "aws:appautoscaling/policy:Policy": "when tasks are added; how few there may be is asked of the target",
  "aws:ecr/repository:Repository": [
    is("encryptionConfigurations.0.encryptionType", "KMS", "AES256"),
    keyed("encryptionConfigurations.0.kmsKey", "images"),
    is("imageTagMutability", "IMMUTABLE", "MUTABLE"),
    is("imageScanningConfiguration.scanOnPush", true, false),
    is("forceDelete", false, true),
  ],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": "how many images are kept: what runs is deployed by digest, and the last 30 builds stay",
};
