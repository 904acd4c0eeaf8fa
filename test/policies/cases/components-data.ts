import type { Resource } from "../../../policies/model.ts";
import { type PolicyCases, resource } from "../cases.ts";

type Inputs = Record<string, unknown>;
const db = resource("groundplan:index:PostgresDb", "db", { kind: "PostgresDb", replicas: 1, storageGiB: 100 });
const below = (type: string, inputs: Inputs = {}, parent: Resource = db) => resource(type, "db-data", inputs, { parent: parent.urn });
const volume = below("docker:index/volume:Volume", { name: "shop-db-data", labels: [{ label: "io.groundplan.role", value: "data" }] });
const copier = (inputs: Inputs, from = {}) =>
  resource("docker:index/container:Container", "backup", { image: "offen/docker-volume-backup:v2.43.0", ...inputs }, { from });
const mounted = { volumes: [{ volumeName: "shop-db-data", containerPath: "/backup/db", readOnly: true }] };
const disk = below("aws:ebs/volume:Volume", { size: 100 });
const tagged = (stack: string) => below("aws:ebs/volume:Volume", { size: 100, tags: { "groundplan:backup": stack } });
const taking = (stack: string) =>
  resource("aws:backup/selection:Selection", "disks", {
    conditions: [{ stringEquals: [{ key: "aws:ResourceTag/groundplan:backup", value: stack }] }],
  });
const telemetry = resource("groundplan:index:ObservabilityStack", "telemetry", { storageGiB: 300 });

export const componentDataCases: Readonly<Record<string, PolicyCases>> = {
  "component-backup": {
    compliant: [
      { title: "a container that copies the volume", resources: [db, volume, copier(mounted)] },
      { title: "a container that takes the volume by reference", resources: [db, volume, copier({}, { volumes: [volume] })] },
      { title: "a managed database", resources: [db, below("aws:rds/instance:Instance", { backupRetentionPeriod: 35 })] },
      {
        title: "disks in a plan of backups",
        resources: [db, disk, resource("aws:backup/selection:Selection", "disks", {}, { from: { resources: [disk] } })],
      },
      {
        title: "disks with the tag that a plan of backups looks for",
        resources: [db, tagged("shop"), taking("shop")],
      },
      {
        title: "disks with the tag of a lifecycle",
        resources: [
          db,
          disk,
          resource("aws:dlm/lifecyclePolicy:LifecyclePolicy", "disks", { policyDetails: { targetTags: { "groundplan:role": "data" } } }),
        ],
      },
      { title: "telemetry, which ages out", resources: [telemetry, below("docker:index/volume:Volume", volume.inputs, telemetry)] },
    ],
    violating: [
      { title: "a volume that nobody copies", resources: [db, volume], finds: ["db: storageGiB"] },
      { title: "a disk that nobody copies", resources: [db, disk], finds: ["db: storageGiB"] },
      { title: "a disk whose tag another stack looks for", resources: [db, tagged("shop"), taking("other")], finds: ["db: storageGiB"] },
      { title: "a container that ends", resources: [db, volume, copier({ ...mounted, mustRun: false })], finds: ["db: storageGiB"] },
    ],
    reads: { "db: storageGiB": [], "db-data: labels": [], "backup: volumes": ["db: storageGiB"] },
  },
};
