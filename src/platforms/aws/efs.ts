import { AccessPoint } from "@pulumi/aws/efs/accessPoint.js";
import { FileSystem } from "@pulumi/aws/efs/fileSystem.js";
import { FileSystemPolicy } from "@pulumi/aws/efs/fileSystemPolicy.js";
import { MountTarget } from "@pulumi/aws/efs/mountTarget.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import { backedUpTags } from "./backup.ts";
import type { AwsContext } from "./context.ts";
import { diskAlarms } from "./efs-alarms.ts";
import { allow, type Group, securityGroup } from "./groups.ts";
import { policyDocument, type ResourceStatement, type Statement } from "./iam.ts";
import { kmsKey } from "./kms.ts";
import { network } from "./network.ts";
import type { TaskVolume } from "./task-volumes.ts";

export interface TaskDisks {
  readonly volumes: readonly TaskVolume[];
  /** What the task needs to mount them. */
  readonly statements: readonly Statement[];
  readonly ready: readonly pulumi.Resource[];
}

const nfs = 2049;

/**
 * The volumes of a workload as folders of one file system of its component, each behind an access point: whoever mounts it
 * sees that folder alone, as the user of the workload. Nothing is made for a workload without volumes.
 */
export function taskDisks(context: AwsContext, parent: pulumi.Resource, component: string, spec: WorkloadSpec, group: Group): TaskDisks {
  if (spec.volumes.length === 0) return { volumes: [], statements: [], ready: [] };
  return quietly(() => {
    const files = fileSystem(context, parent, component);
    const points = spec.volumes.map((volume) => ({ volume, point: accessPoint(context, parent, component, spec, volume.name, files.system) }));
    return {
      volumes: points.map(({ volume, point }) => ({
        name: `volume-${volume.name}`,
        path: volume.path,
        readOnly: false,
        fileSystem: {
          fileSystemId: files.system.id,
          transitEncryption: "ENABLED",
          authorizationConfig: { accessPointId: point.id, iam: "ENABLED" },
        },
      })),
      statements: [
        {
          sid: "MountVolumes",
          actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
          resources: [files.system.arn],
          conditions: { StringEquals: { "elasticfilesystem:AccessPointArn": points.map(({ point }) => point.arn) } },
        },
      ],
      ready: [...files.ready, ...points.map(({ point }) => point), ...allow(context, parent, group, files.group, nfs, "files of its volumes")],
    };
  });
}

interface Files {
  readonly system: FileSystem;
  readonly group: Group;
  readonly ready: readonly pulumi.Resource[];
}

/** One per component, in the tier of stores, with a way in from every zone. */
function fileSystem(context: AwsContext, parent: pulumi.Resource, component: string): Files {
  return context.once(`files of ${component}`, () => {
    const name = `${component}-volumes`;
    const group = securityGroup(context, parent, component, name);
    const system = new FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: kmsKey(context, "data").arn,
        performanceMode: "generalPurpose",
        throughputMode: context.sizes.fileThroughput,
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
        tags: backedUpTags(context, component, name),
      },
      context.placeData(parent, component),
    );
    const policy = new FileSystemPolicy(
      `${name}-policy`,
      { fileSystemId: system.id, policy: policyDocument(fileSystemStatements(system.arn)) },
      context.place(parent, { deleteBeforeReplace: true }),
    );
    const { data, zones } = network(context);
    const targets = data.map(
      (subnetId, index) =>
        new MountTarget(
          `${name}-${(zones[index] ?? "").slice(-1)}`,
          { fileSystemId: system.id, subnetId, securityGroups: [group.id] },
          context.place(parent, { deleteBeforeReplace: true }),
        ),
    );
    diskAlarms(context, parent, component, system);
    return { system, group, ready: [system, policy, ...targets] };
  });
}

/**
 * With a policy, only who is allowed may mount: the roles of the tasks, each by its own permissions. Nobody does in plain
 * text, or past the access points, and nobody is root.
 */
function fileSystemStatements(arn: pulumi.Input<string>): ResourceStatement[] {
  const denied = { effect: "Deny", principal: { AWS: "*" }, resources: [arn] } as const;
  const client = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"];
  return [
    { ...denied, sid: "DenyPlainText", actions: client, conditions: { Bool: { "aws:SecureTransport": "false" } } },
    { ...denied, sid: "DenyPastAccessPoints", actions: client, conditions: { Null: { "elasticfilesystem:AccessPointArn": "true" } } },
    { ...denied, sid: "DenyRoot", actions: ["elasticfilesystem:ClientRootAccess"] },
  ];
}

/** The folder is made for the user when it is mounted first; another user later finds the files of the one before. */
function accessPoint(
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  { name, uid, gid }: WorkloadSpec,
  volume: string,
  system: FileSystem,
): AccessPoint {
  return new AccessPoint(
    `${name}-${volume}-volume`,
    {
      fileSystemId: system.id,
      posixUser: { uid, gid },
      rootDirectory: { path: `/${name}-${volume}`, creationInfo: { ownerUid: uid, ownerGid: gid, permissions: "0750" } },
      tags: context.tags(component, "access", `${name}-${volume}-volume`),
    },
    context.place(parent),
  );
}
