import { takenByTag } from "../backup-plans.ts";
import { taskDefinition } from "../ecs-task.ts";
import { broadPolicy } from "../iam.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { below, isTrue, list, peek, record, records, shown, text } from "../read.ts";
import { awsServicePolicies } from "./aws-services.ts";
import { awsTaskPolicies } from "./aws-tasks.ts";

const role = "aws:iam/role:Role";
const selection = "aws:backup/selection:Selection";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const roleSeparation: Policy = {
  id: "ecs-role-separation",
  title: "The role that starts a task is not the one that its program has",
  severity: "medium",
  why: "The execution role reads secrets and pulls images; a program that has it as well reads the secrets of whatever else it starts, and a whole service of AWS opened to a task is open to whoever breaks into it.",
  fix: "Components give every task two roles of its own. In a raw task definition name different roles in executionRoleArn and taskRoleArn, and write the task role a policy for exactly what the program calls.",
  types: [taskDefinition, role, attachment],
  scope: "stack",
  references: ["CKV_AWS_249", "CKV2_AWS_56"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    const own = new Set<Resource>();
    for (const resource of stack.ofType(taskDefinition)) {
      const starts = stack.referred(resource, [role], "executionRoleArn");
      const runs = stack.referred(resource, [role], "taskRoleArn");
      const same = runs.length > 0 || starts.length > 0 ? runs.some((one) => starts.includes(one)) : sameText(resource);
      if (same)
        yield { resource, path: "taskRoleArn", is: "names the execution role as well: the program may do all that the start of the task needs" };
      else for (const one of runs) own.add(one);
    }
    for (const one of own) yield* broad(stack, one);
  },
};

function sameText({ inputs }: Resource): boolean {
  const runs = text(inputs.taskRoleArn);
  const starts = text(inputs.executionRoleArn);
  return runs !== undefined && runs === starts;
}

/** A policy that is written in this stack has no ARN yet, and `iam-no-wildcards` reads it: only ARNs that are there count. */
function* broad({ referring }: Stack, resource: Resource) {
  const given = (arn: unknown) => broadPolicy.test(text(arn) ?? "");
  const is = (arn: unknown) => `${shown(arn)}: more than the program of one task needs`;
  for (const [index, arn] of list(peek(resource.inputs, "managedPolicyArns")).entries())
    if (given(arn)) yield { resource, path: `managedPolicyArns[${index}]`, is: is(arn) };
  for (const attached of referring(resource, [attachment], "role")) {
    const arn = peek(attached.inputs, "policyArn");
    if (given(arn)) yield { resource: attached, path: "policyArn", is: is(arn) };
  }
}

const fileSystem = "aws:efs/fileSystem:FileSystem";
const accessPoint = "aws:efs/accessPoint:AccessPoint";

const efsSecure: Policy = {
  id: "efs-secure",
  title: "Shared folders are encrypted, backed up, and opened by folder and user",
  severity: "high",
  why: "A file system is shared: without an access point every task sees the files of all others and is whichever user it says; without encryption the disk and the network show them; without a backup nothing brings them back.",
  fix: "Components set all of it for volumes, save the plan of the stack that backs them up. On a raw one set encrypted, add a BackupPolicy with status ENABLED, give each AccessPoint a folder and a posixUser, and each volume of a task transitEncryption ENABLED.",
  types: [fileSystem, accessPoint, taskDefinition],
  scope: "stack",
  references: [
    "FSBP EFS.1",
    "FSBP EFS.2",
    "FSBP EFS.3",
    "FSBP EFS.4",
    "CKV_AWS_42",
    "CKV_AWS_97",
    "CKV_AWS_329",
    "CKV_AWS_330",
    "AWS-0035",
    "AWS-0037",
  ],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ ofType, referring }) {
    for (const resource of ofType(fileSystem)) {
      const { encrypted } = resource.inputs;
      if (!isTrue(encrypted))
        yield { resource, path: "encrypted", is: `${shown(encrypted)}: the disk is not encrypted, and making it so takes a new file system` };
      const enabled = referring(resource, ["aws:efs/backupPolicy:BackupPolicy"], "fileSystemId").some(
        ({ inputs }) => text(below(inputs, "backupPolicy.status")) === "ENABLED",
      );
      const selected = ofType(selection).some((each) => takenByTag(each, resource)) || referring(resource, [selection]).length > 0;
      if (!enabled && !selected) yield { resource, path: "", is: "has neither a backup policy that is enabled nor a place in a backup plan" };
    }
    for (const resource of ofType(accessPoint)) {
      const { rootDirectory, posixUser } = resource.inputs;
      const path = text(record(rootDirectory).path) ?? "/";
      if (path === "/") yield { resource, path: "rootDirectory.path", is: 'is "/": it opens all files' };
      if (record(posixUser).uid === undefined) yield { resource, path: "posixUser", is: "is not set: whoever mounts it is whichever user it says" };
    }
    for (const resource of ofType(taskDefinition))
      for (const [index, { efsVolumeConfiguration: efs }] of records(resource.inputs.volumes))
        if (efs !== undefined && text(record(efs).transitEncryption) !== "ENABLED")
          yield {
            resource,
            path: `volumes[${index}].efsVolumeConfiguration.transitEncryption`,
            is: `${shown(record(efs).transitEncryption)}: files cross the network in plain text`,
          };
  },
};

const repository = "aws:ecr/repository:Repository";

const ecrHygiene: Policy = {
  id: "ecr-hygiene",
  title: "Repositories keep tags fixed, scan what is pushed, and let go of old images",
  severity: "medium",
  why: "A tag that moves makes two tasks of one release run different programs; an image that is not scanned brings known holes along; without a life cycle every build is paid for for ever.",
  fix: "Built images of components get all three. On a raw repository set imageTagMutability to IMMUTABLE and imageScanningConfiguration.scanOnPush to true, and add a LifecyclePolicy.",
  types: [repository],
  scope: "stack",
  references: ["FSBP ECR.1", "FSBP ECR.2", "FSBP ECR.3", "CKV_AWS_51", "CKV_AWS_163", "AWS-0030", "AWS-0031"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check({ ofType, referring }) {
    const scanned = ofType("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration").length > 0;
    for (const resource of ofType(repository)) {
      const { imageTagMutability, imageScanningConfiguration, name } = resource.inputs;
      if (!text(imageTagMutability)?.startsWith("IMMUTABLE"))
        yield { resource, path: "imageTagMutability", is: `${shown(imageTagMutability)}: a tag may name another image tomorrow` };
      const scan = record(imageScanningConfiguration).scanOnPush;
      if (!scanned && !isTrue(scan))
        yield { resource, path: "imageScanningConfiguration.scanOnPush", is: `${shown(scan)}: nobody looks for known holes` };
      const rules = ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy");
      if (
        referring(resource, ["aws:ecr/lifecyclePolicy:LifecyclePolicy"]).length === 0 &&
        !rules.some((rule) => text(name) !== undefined && rule.inputs.repository === name)
      )
        yield { resource, path: "", is: "has no life cycle policy: every image is kept for ever" };
    }
  },
};

export const awsContainerPolicies: readonly Policy[] = [...awsTaskPolicies, ...awsServicePolicies, roleSeparation, efsSecure, ecrHygiene];
