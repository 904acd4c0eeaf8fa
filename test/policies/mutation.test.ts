import { beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { defaultsOf, evaluate, type Finding, type Settings } from "../../policies/evaluate.ts";
import type { Resource } from "../../policies/model.ts";
import { shipped, shippedPlan } from "../support/shipped.ts";

/**
 * One safe default of a shipped stack set otherwise: the policy that must find it, the resource by the end of its type
 * and its name, the input, and the unsafe value; undefined takes the input away. `$protect` is the option, `$gone` the
 * resource as a whole; `[+]` adds to a list. JSON texts are looked into.
 */
type Mutation = readonly [policy: string, resource: string, path: string, value?: unknown];

const onDocker = (api: string, opa: string): readonly Mutation[] => [
  ["docker-no-host-access", `Container ${api}`, "privileged", true],
  ["docker-no-host-access", "Container redis", "networkMode", "host"],
  ["docker-no-host-access", "Container postgres", "pidMode", "host"],
  ["docker-no-host-access", `Container ${opa}`, "ipcMode", "host"],
  ["docker-mounts", `Container ${api}`, "volumes", [{ hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock" }]],
  ["docker-ports", "Container gateway", "ports[0].ip"],
  ["docker-capabilities", `Container ${api}`, "capabilities"],
  ["docker-capabilities", "Container redis", "capabilities.adds", ["NET_ADMIN"]],
  ["docker-no-new-privileges", `Container ${api}`, "securityOpts"],
  ["docker-seccomp", `Container ${api}`, "securityOpts[+]", "seccomp=unconfined"],
  ["docker-nonroot", `Container ${api}`, "user", "0:0"],
  ["docker-user-set", `Container ${api}`, "user"],
  ["docker-readonly-rootfs", `Container ${api}`, "readOnly"],
  ["docker-limits", `Container ${api}`, "memory"],
  ["docker-limits", `Container ${api}`, "logDriver"],
  ["docker-cpu-limit", `Container ${api}`, "cpus"],
  ["docker-restart", `Container ${api}`, "restart"],
  ["docker-health", "Container gateway", "healthcheck"],
  ["docker-own-network", `Container ${api}`, "networksAdvanced"],
  ["docker-volume-protected", "Volume nats-0-data", "$protect", false],
  ["image-pinned", `Container ${api}`, "image", "ghcr.io/acme/guard-api:latest"],
  ["component-replicas", "AppService guard-api", "replicas", 0],
  ["component-telemetry", "AppService guard-api", "reaches"],
];

const inPods = (workload: string, spec: string): readonly Mutation[] => [
  ["k8s-no-host-access", workload, `${spec}.hostNetwork`, true],
  ["k8s-no-host-access", workload, `${spec}.hostPID`, true],
  ["k8s-no-escalation", workload, `${spec}.containers[0].securityContext.allowPrivilegeEscalation`],
  ["k8s-no-escalation", workload, `${spec}.containers[0].securityContext.capabilities`],
  ["k8s-nonroot", workload, `${spec}.securityContext.runAsNonRoot`],
  ["k8s-seccomp", workload, `${spec}.securityContext.seccompProfile`],
  ["k8s-readonly-rootfs", workload, `${spec}.containers[0].securityContext.readOnlyRootFilesystem`],
  ["k8s-resources", workload, `${spec}.containers[0].resources.limits.memory`],
  ["k8s-resources", workload, `${spec}.containers[0].resources.requests.cpu`],
  ["k8s-service-account", workload, `${spec}.automountServiceAccountToken`, true],
  ["k8s-service-account", workload, `${spec}.serviceAccountName`],
];

const kubernetes: readonly Mutation[] = [
  ...inPods("Deployment api", "spec.template.spec"),
  ...inPods("StatefulSet queue", "spec.template.spec"),
  ...inPods("Job queue-queues", "spec.template.spec"),
  ...inPods("CronJob api-check", "spec.jobTemplate.spec.template.spec"),
  ["image-pinned", "Deployment api", "spec.template.spec.containers[0].image", "ghcr.io/acme/api:latest"],
  ["k8s-probes", "Deployment api", "spec.template.spec.containers[0].readinessProbe"],
  ["k8s-probes", "Deployment api", "spec.template.spec.containers[0].livenessProbe.tcpSocket.port", "nowhere"],
  ["k8s-availability", "Deployment api", "spec.replicas", 1],
  ["k8s-availability", "Deployment api", "spec.template.spec.topologySpreadConstraints"],
  ["k8s-availability", "PodDisruptionBudget api", "$gone"],
  ["k8s-stateful-replicas", "StatefulSet queue", "spec.replicas", 0],
  ["k8s-exposure", "Service api", "spec.type", "NodePort"],
  ["k8s-exposure", "Service api", "spec.externalIPs", ["192.0.2.1"]],
  ["k8s-namespace", "Service api", "metadata.namespace"],
  ["k8s-namespace", "Namespace kubernetes-namespace", "metadata.labels"],
  ["k8s-network-policy", "NetworkPolicy api", "spec.podSelector.matchLabels", { nobody: "has-it" }],
  ["k8s-stable-api", "Deployment api", "spec.selector"],
  ["k8s-stable-api", "Service api", "spec.ports[0].targetPort", "nowhere"],
  ["stateful-protected", "PersistentVolumeClaim queue-0-data", "$protect", false],
];

const aws: readonly Mutation[] = [
  ["rds-storage-encrypted", "Instance db", "storageEncrypted"],
  ["rds-not-public", "Instance db", "publiclyAccessible", true],
  ["rds-multi-az", "Instance db", "multiAz"],
  ["rds-backup-retention", "Instance db", "backupRetentionPeriod", 7],
  ["rds-backup-copy", "InstanceAutomatedBackupsReplication db-backup-copy", "retentionPeriod", 7],
  ["rds-deletion-protection", "Instance db", "deletionProtection"],
  ["rds-final-snapshot", "Instance db", "skipFinalSnapshot", true],
  ["rds-final-snapshot", "Instance db", "deleteAutomatedBackups"],
  ["rds-managed-password", "Instance db", "manageMasterUserPassword"],
  ["rds-force-ssl", "ParameterGroup db-parameters", "parameters[7].value", "0"],
  ["rds-log-statements", "ParameterGroup db-parameters", "parameters", [{ name: "rds.force_ssl", value: "1" }]],
  ["rds-log-exports", "Instance db", "enabledCloudwatchLogsExports"],
  ["rds-monitoring", "Instance db", "monitoringInterval"],
  ["rds-monitoring", "Instance db", "performanceInsightsEnabled"],
  ["rds-hygiene", "Instance db", "autoMinorVersionUpgrade", false],
  ["rds-hygiene", "Instance db", "copyTagsToSnapshot"],
  ["cache-encrypted-at-rest", "ReplicationGroup cache", "atRestEncryptionEnabled", false],
  ["cache-encrypted-in-transit", "ReplicationGroup cache", "transitEncryptionEnabled"],
  ["cache-ha", "ReplicationGroup cache", "automaticFailoverEnabled"],
  ["cache-ha", "ReplicationGroup cache", "multiAzEnabled"],
  ["cache-backup", "ReplicationGroup cache", "snapshotRetentionLimit"],
  ["cache-hygiene", "ReplicationGroup cache", "autoMinorVersionUpgrade", false],
  ["cache-hygiene", "ReplicationGroup cache", "logDeliveryConfigurations"],
  ["sqs-encrypted", "Queue queue-jobs", "kmsMasterKeyId"],
  ["sqs-dead-letter", "RedrivePolicy queue-jobs", "redrivePolicy"],
  ["sqs-dead-letter", "RedriveAllowPolicy queue-jobs-dlq", "$gone"],
  ["queue-topic-tls-only", "QueuePolicy queue-jobs", "$gone"],
  ["queue-topic-policy-not-public", "QueuePolicy queue-jobs", "policy.Statement[+]", { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }],
  ["ecs-no-public-ip", "Service api-service", "networkConfiguration.assignPublicIp", true],
  ["ecs-no-privileged", "TaskDefinition api-check-task", "pidMode", "host"],
  ["ecs-nonroot", "TaskDefinition api-check-task", "containerDefinitions[0].user"],
  ["ecs-readonly-rootfs", "TaskDefinition api-check-task", "containerDefinitions[0].readonlyRootFilesystem"],
  ["ecs-observable", "TaskDefinition api-check-task", "containerDefinitions[0].logConfiguration"],
  ["ecs-observable", "Cluster cluster", "settings"],
  ["ecs-exec-audited", "Service api-service", "enableExecuteCommand", true],
  ["ecs-deploy-safety", "Service api-service", "deploymentCircuitBreaker"],
  ["ecs-deploy-safety", "Service api-service", "deploymentMinimumHealthyPercent", 0],
  ["ecs-autoscaled", "Target api-scaling", "$gone"],
  ["alarms-present", "Queue queue-jobs", "name", "unwatched"],
  ["iam-no-wildcards", "RolePolicy api-check-execution-policy", "policy.Statement[+]", { Effect: "Allow", Action: "*", Resource: "*" }],
  ["iam-trust-scoped", "Role api-check-execution", "assumeRolePolicy.Statement[0].Condition"],
  ["kms-key-safe", "Key backup-key", "enableKeyRotation"],
  ["kms-key-safe", "Key backup-key", "deletionWindowInDays", 7],
  ["kms-key-safe", "Key backup-key", "policy.Statement[0].Principal.AWS", "*"],
  ["secret-managed", "Secret api-secret", "recoveryWindowInDays", 0],
  ["log-retention", "LogGroup api-check-logs", "retentionInDays"],
  ["sg-described-egress", "SecurityGroup api-check-group", "description"],
  ["vpc-baseline", "Subnet data-a", "mapPublicIpOnLaunch", true],
  ["vpc-baseline", "DefaultSecurityGroup vpc-default-group", "$gone"],
  ["required-tags", "Queue queue-jobs", "tags"],
  ["required-tags", "Vpc vpc", "tags"],
  ["stateful-protected", "Key backup-key", "$protect", false],
];

const grounds = {
  // Behind the gateway alone: in prod the stack file says so, and no other port is published.
  dev: [...onDocker("guard-api", "opa"), ["component-route", "ServiceMeshGateway gateway", "reaches"] as Mutation],
  "prod-docker": onDocker("guard-api-0", "opa-0"),
  "starter-staging": kubernetes,
  "starter-prod": aws,
} as const;

const keysOf = (path: string) => path.split(/[.[\]]+/).filter((key) => key !== "");

/** The value with one place in it set otherwise. */
function set(inner: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof inner === "string") return JSON.stringify(set(JSON.parse(inner), [key, ...rest], value));
  if (Array.isArray(inner)) return key === "+" ? [...inner, value] : inner.map((entry, at) => (String(at) === key ? set(entry, rest, value) : entry));
  const { [key]: old, ...others } = (inner ?? {}) as Record<string, unknown>;
  const made = set(old, rest, value);
  return made === undefined ? others : { ...others, [key]: made };
}

function mutated(resources: readonly Resource[], [, wanted, path, value]: Mutation): readonly Resource[] {
  const found = resources.filter(({ type, name }) => `${type.split(":").at(-1)} ${name}` === wanted);
  expect(found.length, `resources called ${wanted}`).toBe(1);
  const [target] = found as [Resource];
  const change = (): Resource[] => {
    if (path === "$gone") return [];
    if (path === "$protect") return [{ ...target, protect: value === true }];
    const [input = "", ...below] = keysOf(path);
    const inputs = set(target.inputs, [input, ...below], value) as Resource["inputs"];
    expect(inputs, `${path} was not like that before`).not.toEqual(target.inputs);
    const { [input]: _, ...others } = target.propertyDependencies;
    // What is written in place of a whole input comes from no other resource.
    return [{ ...target, inputs, propertyDependencies: below.length === 0 ? others : target.propertyDependencies }];
  };
  return resources.flatMap((resource) => (resource === target ? change() : [resource]));
}

test("there are mutations for every ground, and for each of them a policy", () => {
  const rows = Object.values(grounds).flat();
  expect(rows.length).toBeGreaterThan(120);
  const known = catalogue.map(({ id }) => id);
  expect([...new Set(rows.map(([id]) => id))].filter((id) => !known.includes(id))).toEqual([]);
});

describe.each(Object.entries(grounds))("one safe default of %s set otherwise", (name, rows) => {
  const env = name as keyof typeof grounds;
  /** Every policy looked for, at the parameters of the stage. */
  const settings: Settings = { ...defaultsOf(shipped[env]), level: () => "mandatory" };
  let resources: readonly Resource[];
  let before: ReadonlySet<string>;
  const keyOf = ({ policy, urn, path, message }: Finding) => JSON.stringify([policy, urn, path, message]);

  beforeAll(async () => {
    ({ resources } = await shippedPlan(env));
    before = new Set(evaluate(catalogue, resources, settings).findings.map(keyOf));
  }, 60_000);

  test.each(rows.map((row) => [row.slice(0, 3).join(": "), row] as const))("%s", (_, row) => {
    const { findings, notRun } = evaluate(catalogue, mutated(resources, row), settings);
    expect(findings.filter((finding) => !before.has(keyOf(finding))).map(({ policy }) => policy)).toEqual([row[0]]);
    expect(notRun).toEqual([]);
  });
});
