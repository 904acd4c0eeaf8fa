import type { VolumeArgs } from "@pulumi/aws/ebs/volume.js";
import type { InstanceArgs } from "@pulumi/aws/ec2/instance.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import type { Input } from "@pulumi/pulumi";
import type { Problem } from "../../../src/core/problems.ts";
import type { Profile } from "../../../src/core/profile.ts";
import { instanceMemoryMiB, isArm } from "../../../src/platforms/aws/instance-memory.ts";
import type { NatsModel } from "../model.ts";

/** Memory that the system, the container engine and the agent of Systems Manager take, in MiB. */
const systemMemoryMiB = 768;

const instanceType = (model: NatsModel, profile: Pick<Profile, "aws">) => model.aws.instanceType ?? profile.aws.brokerType;

/** Amazon Linux 2023, by the public parameter that EC2 reads at each launch: a plan asks nobody for an id. */
export const machineImage = (type: string) =>
  `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${isArm(type) ? "arm64" : "x86_64"}`;

export interface NodeSurroundings {
  readonly name: string;
  readonly securityGroup: Input<string>;
  readonly instanceProfile: Input<string>;
  readonly dataKey: Input<string>;
  /** Base64. */
  readonly userData: Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** How a node is launched. A change concerns the next launch only: running nodes stay as they are. */
export function launchTemplateInputs(model: NatsModel, profile: Pick<Profile, "aws" | "guardData">, around: NodeSurroundings): LaunchTemplateArgs {
  const type = instanceType(model, profile);
  return {
    name: around.name,
    description: "A NATS node: Amazon Linux 2023, one container, its data on a volume of its own",
    updateDefaultVersion: true,
    imageId: machineImage(type),
    instanceType: type,
    ebsOptimized: "true",
    iamInstanceProfile: { arn: around.instanceProfile },
    vpcSecurityGroupIds: [around.securityGroup],
    // Version 2 with a token that does not leave the machine: the container, one hop behind, cannot reach it.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1, instanceMetadataTags: "disabled" },
    monitoring: { enabled: true },
    maintenanceOptions: { autoRecovery: "default" },
    disableApiTermination: profile.guardData,
    instanceInitiatedShutdownBehavior: "stop",
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: 16, encrypted: "true", kmsKeyId: around.dataKey, deleteOnTermination: "true" },
      },
    ],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: around.tags })),
    userData: around.userData,
    tags: around.tags,
  };
}

/** A node: everything but its place comes from the template. */
export const instanceInputs = (template: Input<string>, subnet: Input<string>, tags: Readonly<Record<string, string>>): InstanceArgs => ({
  launchTemplate: { id: template, version: "$Latest" },
  subnetId: subnet,
  // Protected against deletion by hand alone: what a node knows is on its volume, and nodes are made anew.
  forceDestroy: true,
  tags,
});

/** The server uses what it may; the file system takes a little. */
const volumeGiB = ({ storageGiB }: NatsModel) => Math.ceil(storageGiB * 1.05) + 1;

/** The figure by which a node tells how full its volume is, since EC2 does not see it. */
export const diskMetric = { name: "DataVolumeUsed", dimension: "Node" } as const;

/** Of each stack its own, so that a role of one cannot tell for another. */
export const metricsNamespace = ({ prefix }: { readonly prefix: string }) => `${prefix}/nats`;

/** Percent of the volume at which the server has 85 % of what it may keep: it refuses messages before the volume is full. */
export const nearlyFullPercent = (model: NatsModel) => Math.floor((85 * model.storageGiB) / volumeGiB(model));

/** Largest gp3 volume, November 2026. */
const largestVolumeGiB = 65_536;

/** The streams of one node. */
export const dataVolumeInputs = (
  model: NatsModel,
  profile: Pick<Profile, "guardData">,
  zone: string,
  key: Input<string>,
  tags: Readonly<Record<string, string>>,
): VolumeArgs => ({
  availabilityZone: zone,
  size: volumeGiB(model),
  type: "gp3",
  encrypted: true,
  kmsKeyId: key,
  finalSnapshot: profile.guardData,
  tags,
});

/** What an instance cannot do with these arguments. */
export function natsProblems(component: string, model: NatsModel, profile: Profile, zones: readonly string[]): Problem[] {
  const type = instanceType(model, profile);
  const has = instanceMemoryMiB(type);
  const found: Problem[] = [];
  if (has !== undefined && model.memoryMiB + systemMemoryMiB > has) {
    const rule = `at most what ${type} has (${has} MiB) less ${systemMemoryMiB} MiB for the system`;
    found.push({ component, path: "memoryMiB", value: model.memoryMiB, rule, fix: "lower it, or set aws.instanceType to a larger type" });
  }
  if (volumeGiB(model) > largestVolumeGiB) {
    const rule = `at most ${Math.floor((largestVolumeGiB - 1) / 1.05)} GiB: the volume has a little more, and ends at ${largestVolumeGiB} GiB`;
    found.push({ component, path: "storageGiB", value: model.storageGiB, rule, fix: "lower it, and spread the streams over several clusters" });
  }
  if (zones.length < model.replicas) {
    const rule = `a zone for each node; aws.zones names ${zones.length}`;
    found.push({ component, path: "replicas", value: model.replicas, rule, fix: "add a zone to aws.zones of the stack file, or use replicas: 1" });
  }
  return found;
}
