import type { PlanResource } from "../../../../src/preview/plan.ts";
import { at, type Rows, type Rule, same } from "./rule.ts";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
type Dimensions = Readonly<Record<string, string>>;

const sorted = (dimensions: unknown) => Object.entries((dimensions ?? {}) as Dimensions).toSorted();

/** An alarm on a figure of that very resource; `dimensions` of each of its nodes, where it has several. */
const rings = (namespace: string, metric: string, dimensions: (it: PlanResource) => Dimensions | readonly Dimensions[]): Rule => {
  const all = (it: PlanResource) => [dimensions(it)].flat() as Dimensions[];
  const rightly = (alarm: PlanResource, of: Dimensions) =>
    alarm.type === alarmType &&
    // That of the stack begins with its name.
    (namespace.startsWith("/") ? String(alarm.inputs.namespace).endsWith(namespace) : alarm.inputs.namespace === namespace) &&
    alarm.inputs.metricName === metric &&
    same(sorted(alarm.inputs.dimensions), sorted(of));
  const last = (it: PlanResource) => all(it).at(-1) ?? {};
  return {
    says: `has an alarm on ${metric}`,
    holds: (it, look) => all(it).length > 0 && all(it).every((of) => look.of(alarmType).some((alarm) => rightly(alarm, of))),
    faults: [
      { at: (other, it) => rightly(other, last(it)), inputs: { metricName: "Other" } },
      { at: (other, it) => rightly(other, last(it)), inputs: { dimensions: { Of: "another" } } },
    ],
  };
};

const suffix = (it: PlanResource, kind: string) => String(it.outputs.arn).slice(String(it.outputs.arn).indexOf(kind) + kind.length);
const service = ({ inputs }: PlanResource) => ({ ClusterName: String(inputs.cluster).split("/").at(-1) ?? "", ServiceName: String(inputs.name) });
const database = ({ inputs }: PlanResource) => ({ DBInstanceIdentifier: String(inputs.identifier) });
const instance = ({ id }: PlanResource) => ({ InstanceId: id });
const balancer = (it: PlanResource) => ({ LoadBalancer: suffix(it, ":loadbalancer/") });
const cacheNodes = ({ inputs }: PlanResource) =>
  Array.from({ length: Number(inputs.numCacheClusters) }, (_, node) => ({
    CacheClusterId: `${inputs.replicationGroupId}-${String(node + 1).padStart(3, "0")}`,
  }));

/** Jobs that fill a vault of another region are counted in this one. */
const here = ({ inputs }: PlanResource) => inputs.region === undefined;
/** The load balancer is in the figure, too: which one it is the referential test asks. */
const ringsForTargets = (metric: string, { type, inputs }: PlanResource, group: PlanResource) =>
  type === alarmType && inputs.metricName === metric && at(inputs, "dimensions.TargetGroup") === `targetgroup/${suffix(group, ":targetgroup/")}`;

const vault = ({ inputs }: PlanResource) => ({ BackupVaultName: String(inputs.name) });

export const alarms: Rows = {
  "aws:ecs/service:Service": [rings("AWS/ECS", "MemoryUtilization", service), rings("ECS/ContainerInsights", "RunningTaskCount", service)],
  "aws:rds/instance:Instance": ["CPUUtilization", "FreeStorageSpace", "DatabaseConnections"].map((metric) => rings("AWS/RDS", metric, database)),
  "aws:elasticache/replicationGroup:ReplicationGroup": ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage"].map((metric) =>
    rings("AWS/ElastiCache", metric, cacheNodes),
  ),
  "aws:ec2/instance:Instance": ["CPUUtilization", "StatusCheckFailed_System", "StatusCheckFailed_Instance", "StatusCheckFailed_AttachedEBS"].map(
    (metric) => rings("AWS/EC2", metric, instance),
  ),
  "aws:lb/loadBalancer:LoadBalancer": ["HTTPCode_ELB_5XX_Count", "RejectedConnectionCount", "TargetResponseTime"].map((metric) =>
    rings("AWS/ApplicationELB", metric, balancer),
  ),
  "aws:wafv2/webAcl:WebAcl": [
    rings("AWS/WAFV2", "BlockedRequests", ({ inputs }) => ({ WebACL: String(inputs.name), Region: "eu-central-1", Rule: "ALL" })),
  ],
  "aws:acm/certificate:Certificate": [rings("AWS/CertificateManager", "DaysToExpiry", ({ outputs }) => ({ CertificateArn: String(outputs.arn) }))],
  "aws:backup/vault:Vault": [
    ...["NumberOfBackupJobsFailed", "NumberOfBackupJobsExpired", "NumberOfBackupJobsCompleted"].map((metric) => ({
      ...rings("AWS/Backup", metric, vault),
      of: here,
    })),
    { ...rings("AWS/Backup", "NumberOfCopyJobsFailed", vault), of: (it, { stage }) => here(it) && stage.copies },
  ],
  "aws:ebs/volume:Volume": [rings("/nats", "DataVolumeUsed", ({ name }) => ({ Node: name.replace(/-data$/, "") }))],
  "aws:lb/targetGroup:TargetGroup": ["UnHealthyHostCount", "HTTPCode_Target_5XX_Count"].map((metric) => {
    const rightly = (alarm: PlanResource, group: PlanResource) => ringsForTargets(metric, alarm, group);
    return {
      says: `has an alarm on ${metric}`,
      holds: (it, look) => look.of(alarmType).some((alarm) => rightly(alarm, it)),
      faults: [
        { at: rightly, inputs: { metricName: "Other" } },
        { at: rightly, inputs: { "dimensions.TargetGroup": "targetgroup/another" } },
      ],
    } satisfies Rule;
  }),
};
