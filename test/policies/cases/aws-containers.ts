import { type PolicyCases, resource } from "../cases.ts";
import { awsServiceCases } from "./aws-services.ts";
import { awsTaskCases, task } from "./aws-tasks.ts";

type Inputs = Record<string, unknown>;
const role = (name: string, inputs: Inputs = {}) => resource("aws:iam/role:Role", name, { name, ...inputs });
const attached = (policyArn: string, to: ReturnType<typeof role>) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "grant", { role: to.name, policyArn }, { from: { role: [to] } });
const starts = role("starts");
const program = role("program");
const inRoles = (execution: ReturnType<typeof role>, own: ReturnType<typeof role>) => ({
  ...task([{}]),
  propertyDependencies: { executionRoleArn: [execution.urn], taskRoleArn: [own.urn] },
});
const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const s3Full = "arn:aws:iam::aws:policy/AmazonS3FullAccess";

const fileSystem = (inputs: Inputs = { encrypted: true }) => resource("aws:efs/fileSystem:FileSystem", "uploads", inputs);
const uploads = fileSystem();
const backup = (of = uploads, status = "ENABLED") =>
  resource(
    "aws:efs/backupPolicy:BackupPolicy",
    "uploads-backup",
    { fileSystemId: "fs-1", backupPolicy: { status } },
    { from: { fileSystemId: [of] } },
  );
const point = (inputs: Inputs) => resource("aws:efs/accessPoint:AccessPoint", "uploads-web", inputs);
const owned = { rootDirectory: { path: "/web" }, posixUser: { uid: 1000, gid: 1000 } };
const mounts = (transitEncryption?: string) =>
  task([{}], { volumes: [{ name: "uploads", efsVolumeConfiguration: { fileSystemId: "fs-1", transitEncryption } }] });
const inPlan = resource("aws:backup/selection:Selection", "nightly", { resources: ["arn"] }, { from: { resources: [uploads] } });
const tagged = fileSystem({ encrypted: true, tags: { "groundplan:backup": "shop" } });
const byTag = resource("aws:backup/selection:Selection", "by-tag", {
  selectionTags: [{ type: "STRINGEQUALS", key: "groundplan:backup", value: "shop" }],
});

const images = (inputs: Inputs = {}) =>
  resource("aws:ecr/repository:Repository", "images", {
    name: "web",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    ...inputs,
  });
const life = resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "images-life", { repository: "web", policy: "{}" });

export const awsContainerCases: Readonly<Record<string, PolicyCases>> = {
  ...awsTaskCases,
  ...awsServiceCases,
  "ecs-role-separation": {
    compliant: [
      { title: "two roles", resources: [task([{}], { executionRoleArn: arn("starts"), taskRoleArn: arn("program") })] },
      { title: "two roles of the stack", resources: [starts, program, inRoles(starts, program), attached(s3Full, starts)] },
      { title: "a task that calls nothing of AWS", resources: [task([{}], { executionRoleArn: arn("starts") })] },
      {
        title: "a policy for what it calls",
        resources: [starts, program, inRoles(starts, program), attached("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", program)],
      },
    ],
    violating: [
      {
        title: "one role for both",
        resources: [task([{}], { executionRoleArn: arn("shop"), taskRoleArn: arn("shop") })],
        finds: ["shop: taskRoleArn"],
      },
      { title: "one role of the stack for both", resources: [starts, inRoles(starts, starts)], finds: ["shop: taskRoleArn"] },
      {
        title: "a whole service, and what starting takes",
        resources: [
          starts,
          role("program", { managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"] }),
          inRoles(starts, program),
          attached(s3Full, program),
        ],
        finds: ["program: managedPolicyArns[0]", "grant: policyArn"],
      },
    ],
    reads: { "shop: taskRoleArn": [], "shop: executionRoleArn": [] },
  },
  "efs-secure": {
    compliant: [
      { title: "a shared folder", resources: [uploads, backup(), point(owned), mounts("ENABLED")] },
      { title: "in a backup plan", resources: [uploads, inPlan] },
      { title: "in a backup plan by its tag", resources: [tagged, byTag] },
    ],
    violating: [
      { title: "neither encrypted nor backed up", resources: [fileSystem({})], finds: ["uploads: encrypted", "uploads: "] },
      { title: "backups are off", resources: [uploads, backup(uploads, "DISABLED")], finds: ["uploads: "] },
      {
        title: "all files, as anybody",
        resources: [point({ rootDirectory: { path: "/" } })],
        finds: ["uploads-web: rootDirectory.path", "uploads-web: posixUser"],
      },
      { title: "plain text", resources: [mounts()], finds: ["shop: volumes[0].efsVolumeConfiguration.transitEncryption"] },
    ],
    reads: {
      "uploads: encrypted": ["uploads: encrypted"],
      "uploads-backup: backupPolicy": ["uploads: "],
      "uploads-web: rootDirectory": ["uploads-web: rootDirectory.path"],
      "uploads-web: rootDirectory.path": ["uploads-web: rootDirectory.path"],
      "uploads-web: posixUser": ["uploads-web: posixUser"],
      "shop: volumes": [],
      "shop: volumes[0].efsVolumeConfiguration.transitEncryption": ["shop: volumes[0].efsVolumeConfiguration.transitEncryption"],
    },
  },
  "ecr-hygiene": {
    compliant: [
      { title: "fixed tags, scanned, old images go", resources: [images(), life] },
      {
        title: "scanned by the registry",
        resources: [
          images({ imageScanningConfiguration: undefined }),
          life,
          resource("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "scans", { scanType: "ENHANCED" }),
        ],
      },
    ],
    violating: [
      {
        title: "a repository as it comes",
        resources: [resource("aws:ecr/repository:Repository", "images", {})],
        finds: ["images: imageTagMutability", "images: imageScanningConfiguration.scanOnPush", "images: "],
      },
      { title: "tags that move", resources: [images({ imageTagMutability: "MUTABLE" }), life], finds: ["images: imageTagMutability"] },
    ],
    reads: {
      "images: imageTagMutability": ["images: imageTagMutability"],
      "images: imageScanningConfiguration": ["images: imageScanningConfiguration.scanOnPush"],
      "images: imageScanningConfiguration.scanOnPush": ["images: imageScanningConfiguration.scanOnPush"],
      "images: name": ["images: "],
      "images-life: repository": ["images: "],
    },
  },
};
