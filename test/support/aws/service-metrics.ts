import type { Plan } from "../../../src/preview/plan.ts";
import type { AskedFigure, Source } from "./metrics.ts";

interface Known {
  readonly metrics: readonly string[];
  /** Names of dimensions, and how the plan names what they mean. */
  readonly sets: readonly Readonly<Record<string, (plan: Plan) => readonly string[]>>[];
}

const inputsOf =
  (type: string, input: string) =>
  (plan: Plan): string[] =>
    plan.resources.filter((resource) => resource.type === type).map(({ inputs, outputs }) => String(inputs[input] ?? outputs[input]));
const outputsOf =
  (type: string, output: string) =>
  (plan: Plan): string[] =>
    plan.resources.filter((resource) => resource.type === type).map(({ id, outputs }) => (output === "id" ? id : String(outputs[output])));

const clusters = inputsOf("aws:ecs/cluster:Cluster", "name");
const services = inputsOf("aws:ecs/service:Service", "name");
const balancers = outputsOf("aws:lb/loadBalancer:LoadBalancer", "arnSuffix");
const targets = outputsOf("aws:lb/targetGroup:TargetGroup", "arnSuffix");

/** Names by which Service Connect tells of a port. */
const discoveryNames = (plan: Plan) =>
  plan.resources
    .filter(({ type }) => type === "aws:ecs/service:Service")
    .flatMap(({ inputs }) =>
      ((inputs.serviceConnectConfiguration as { services?: readonly { discoveryName: string }[] } | undefined)?.services ?? []).map(
        ({ discoveryName }) => discoveryName,
      ),
    );

/** The name that a firewall gives its figures, which need not be its own. */
const firewalls = ({ resources }: Plan) =>
  resources
    .filter(({ type }) => type === "aws:wafv2/webAcl:WebAcl")
    .map(({ inputs }) => (inputs.visibilityConfig as { readonly metricName: string }).metricName);
const regions = (resources: Plan["resources"]) =>
  resources.filter(({ type }) => type === "pulumi:providers:aws").map(({ inputs }) => String(inputs.region));

/** ElastiCache numbers the nodes of a group. */
const cacheNodes = (plan: Plan) =>
  plan.resources
    .filter(({ type }) => type === "aws:elasticache/replicationGroup:ReplicationGroup")
    .flatMap(({ inputs }) =>
      Array.from({ length: Number(inputs.numCacheClusters) }, (_, index) => `${String(inputs.replicationGroupId)}-00${index + 1}`),
    );

/** Figures that services of AWS give by themselves. Source: the metric pages of each service's guide, November 2026. */
const known: Readonly<Record<string, readonly Known[]>> = {
  "AWS/RDS": [
    {
      metrics: ["CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory", "ReadLatency", "WriteLatency", "ReplicaLag"],
      sets: [{ DBInstanceIdentifier: inputsOf("aws:rds/instance:Instance", "identifier") }],
    },
  ],
  "AWS/ElastiCache": [
    {
      metrics: ["EngineCPUUtilization", "CPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections", "ReplicationLag"],
      sets: [{ CacheClusterId: cacheNodes }],
    },
  ],
  "AWS/SQS": [
    {
      metrics: ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "NumberOfMessagesSent", "NumberOfMessagesReceived"],
      sets: [{ QueueName: inputsOf("aws:sqs/queue:Queue", "name") }],
    },
  ],
  "AWS/EC2": [
    {
      metrics: ["CPUUtilization", "StatusCheckFailed", "StatusCheckFailed_System", "StatusCheckFailed_Instance", "StatusCheckFailed_AttachedEBS"],
      sets: [{ InstanceId: outputsOf("aws:ec2/instance:Instance", "id") }],
    },
  ],
  "AWS/ECS": [
    { metrics: ["CPUUtilization", "MemoryUtilization"], sets: [{ ClusterName: clusters, ServiceName: services }] },
    {
      metrics: ["HTTPCode_Target_2XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count", "TargetResponseTime"],
      sets: [{ TargetDiscoveryName: discoveryNames }],
    },
  ],
  "ECS/ContainerInsights": [
    {
      metrics: ["RunningTaskCount", "DesiredTaskCount", "PendingTaskCount", "CpuUtilized", "MemoryUtilized"],
      sets: [{ ClusterName: clusters, ServiceName: services }],
    },
  ],
  "AWS/ApplicationELB": [
    {
      metrics: [
        "RequestCount",
        "HTTPCode_ELB_5XX_Count",
        "HTTPCode_Target_5XX_Count",
        "TargetResponseTime",
        "RejectedConnectionCount",
        "TargetConnectionErrorCount",
      ],
      sets: [{ LoadBalancer: balancers }, { LoadBalancer: balancers, TargetGroup: targets }],
    },
    {
      metrics: ["HealthyHostCount", "UnHealthyHostCount"],
      sets: [{ LoadBalancer: balancers, TargetGroup: targets }],
    },
  ],
  "AWS/EFS": [
    {
      metrics: ["PercentIOLimit", "MeteredIOBytes", "PermittedThroughput", "BurstCreditBalance", "ClientConnections", "StorageBytes"],
      sets: [{ FileSystemId: outputsOf("aws:efs/fileSystem:FileSystem", "id") }],
    },
  ],
  "AWS/Backup": [
    {
      metrics: ["NumberOfBackupJobsCompleted", "NumberOfBackupJobsFailed", "NumberOfBackupJobsExpired", "NumberOfCopyJobsFailed"],
      sets: [{ BackupVaultName: inputsOf("aws:backup/vault:Vault", "name") }],
    },
  ],
  "AWS/WAFV2": [
    {
      metrics: ["AllowedRequests", "BlockedRequests", "CountedRequests"],
      sets: [{ WebACL: firewalls, Rule: () => ["ALL"], Region: ({ resources }) => regions(resources) }],
    },
  ],
  "AWS/CertificateManager": [{ metrics: ["DaysToExpiry"], sets: [{ CertificateArn: outputsOf("aws:acm/certificate:Certificate", "arn") }] }],
};

/** Whether a service of AWS gives the figure of something that is in the plan. */
export const serviceFigures =
  (plan: Plan): Source =>
  ({ namespace, metric, dimensions }: AskedFigure) => {
    const rows = known[namespace];
    if (!rows) return undefined;
    const sets = rows.filter(({ metrics }) => metrics.includes(metric)).flatMap((row) => row.sets);
    if (sets.length === 0) return "the service has no such figure";
    const names = Object.keys(dimensions).toSorted().join();
    const set = sets.find((one) => Object.keys(one).toSorted().join() === names);
    if (!set) return "the service tells it by other dimensions";
    const wrong = Object.entries(dimensions).find(([name, value]) => !set[name]?.(plan).includes(value));
    return wrong ? `nothing in the plan is ${wrong.join(" ")}` : "";
  };
