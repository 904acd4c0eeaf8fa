import { type PolicyCases, resource } from "../cases.ts";
import { awsAlarmCases } from "./aws-alarms.ts";

type Inputs = Record<string, unknown>;
const logs = (inputs: Inputs) => resource("aws:cloudwatch/logGroup:LogGroup", "shop", { name: "/shop", ...inputs });
const kmsKeyId = "arn:aws:kms:eu-central-1:123456789012:key/0a1b";
const database = (protect: boolean, inputs: Inputs = {}) =>
  resource("aws:rds/instance:Instance", "orders", { identifier: "orders", ...inputs }, { protect });
const sessions = (snapshotRetentionLimit: number) =>
  resource("aws:elasticache/replicationGroup:ReplicationGroup", "sessions", { replicationGroupId: "sessions", snapshotRetentionLimit });
const claim = (protect: boolean) =>
  resource("kubernetes:core/v1:PersistentVolumeClaim", "data", { spec: { accessModes: ["ReadWriteOnce"] } }, { protect });
const bucket = (tags?: unknown) => resource("aws:s3/bucket:Bucket", "invoices", { tags });
const provider = (name: string, tags: Inputs) =>
  resource("pulumi:providers:aws", name, { region: "eu-central-1", defaultTags: JSON.stringify({ tags }) });

export const awsOperationCases: Readonly<Record<string, PolicyCases>> = {
  ...awsAlarmCases,
  "log-retention": {
    compliant: [
      { title: "a year, encrypted", resources: [logs({ retentionInDays: 365, kmsKeyId, logGroupClass: "STANDARD" })] },
      { title: "a month in staging", stage: "staging", resources: [logs({ retentionInDays: 30 })] },
      { title: "a group that only hands on", resources: [logs({ logGroupClass: "DELIVERY", kmsKeyId })] },
    ],
    violating: [
      { title: "for ever, without a key", resources: [logs({})], finds: ["shop: retentionInDays", "shop: kmsKeyId"] },
      {
        title: "for ever by 0, with the key of AWS",
        resources: [logs({ retentionInDays: 0, kmsKeyId: "" })],
        finds: ["shop: retentionInDays", "shop: kmsKeyId"],
      },
      { title: "shorter than a year", resources: [logs({ retentionInDays: 180, kmsKeyId })], finds: ["shop: retentionInDays"] },
      { title: "a week in staging", stage: "staging", resources: [logs({ retentionInDays: 7 })], finds: ["shop: retentionInDays"] },
    ],
    reads: { "shop: retentionInDays": ["shop: retentionInDays"], "shop: logGroupClass": [] },
  },
  "stateful-protected": {
    compliant: [
      { title: "a protected database beside a cache that keeps nothing", resources: [database(true), sessions(0)] },
      { title: "a protected claim", resources: [claim(true)] },
      { title: "a replica, which is made again", resources: [database(false, { replicateSourceDb: "orders-main" })] },
    ],
    violating: [
      { title: "a database that a slip deletes", resources: [database(false)], finds: ["orders: "] },
      {
        title: "a cache with snapshots, a claim, a key, a bucket",
        resources: [sessions(1), claim(false), bucket(), resource("aws:kms/key:Key", "data-key", {})],
        finds: ["sessions: ", "data: ", "invoices: ", "data-key: "],
      },
    ],
    reads: { "sessions: snapshotRetentionLimit": [] },
  },
  "required-tags": {
    compliant: [
      { title: "tags of its own", resources: [bucket({ Environment: "prod", Service: "shop" })] },
      {
        title: "tags with a prefix, and those of the provider",
        resources: [bucket({ "acme:env": "prod" }), provider("account", { "acme:project": "shop" })],
      },
      {
        title: "a list of tags",
        resources: [
          resource("aws:autoscaling/group:Group", "nodes", {
            tags: [
              { key: "env", value: "prod", propagateAtLaunch: true },
              { key: "app", value: "shop", propagateAtLaunch: true },
            ],
          }),
        ],
      },
    ],
    violating: [
      { title: "no tags", resources: [bucket()], finds: ["invoices: tags"] },
      { title: "a name only", resources: [bucket({ Name: "invoices", Service: "" })], finds: ["invoices: tags"] },
      {
        title: "what only one of two providers sets",
        resources: [bucket({ Environment: "prod" }), provider("account", { Project: "shop" }), provider("backups", {})],
        finds: ["invoices: tags"],
      },
    ],
    reads: { "invoices: tags": ["invoices: tags"] },
  },
};
