import { type PolicyCases, resource } from "../cases.ts";
import { unknown } from "../unknown.ts";

const key = "arn:aws:kms:eu-central-1:123456789012:key/data";
const instance = (inputs: Record<string, unknown>, name = "orders") =>
  resource("aws:rds/instance:Instance", name, { engine: "postgres", engineVersion: "16.9", instanceClass: "db.t4g.large", ...inputs });
const cluster = (inputs: Record<string, unknown>) =>
  resource("aws:rds/cluster:Cluster", "reports", { clusterIdentifier: "reports", engine: "aurora-postgresql", engineVersion: "17.4", ...inputs });
const member = (name: string, inputs: Record<string, unknown> = {}) =>
  resource("aws:rds/clusterInstance:ClusterInstance", name, { clusterIdentifier: "reports", instanceClass: "db.r7g.large", ...inputs });
const group = (family: string, parameters: unknown) => resource("aws:rds/parameterGroup:ParameterGroup", "settings", { family, parameters });
const clusterGroup = (family: string, parameters: unknown) =>
  resource("aws:rds/clusterParameterGroup:ClusterParameterGroup", "settings", { family, parameters });
const forced = (value: unknown) => [
  { name: "log_connections", value: "1" },
  { name: "rds.force_ssl", value },
];
const proxy = (inputs: Record<string, unknown>) => resource("aws:rds/proxy:Proxy", "pool", { engineFamily: "POSTGRESQL", ...inputs });

const subnet = resource("aws:ec2/subnet:Subnet", "data-a", { cidrBlock: "10.0.8.0/24" });
const internet = resource("aws:ec2/internetGateway:InternetGateway", "internet", {});
const subnets = resource("aws:rds/subnetGroup:SubnetGroup", "subnets", { subnetIds: ["subnet-1"] }, { from: { subnetIds: [subnet] } });
const table = (routes: unknown, from: Parameters<typeof resource>[3] = {}) => {
  const made = resource("aws:ec2/routeTable:RouteTable", "routes", { routes }, from);
  const link = resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "link", {}, { from: { subnetId: [subnet], routeTableId: [made] } });
  return [subnets, subnet, internet, made, link];
};
const [, , , plain] = table([]);
const route = resource(
  "aws:ec2/route:Route",
  "way-out",
  { gatewayId: "igw-1" },
  { from: { routeTableId: plain ? [plain] : [], gatewayId: [internet] } },
);

export const awsDatabaseCases: Readonly<Record<string, PolicyCases>> = {
  "rds-storage-encrypted": {
    compliant: [
      { title: "an instance under a key of one's own", resources: [instance({ storageEncrypted: true, kmsKeyId: key })] },
      {
        title: "a key that is made in the same deployment",
        resources: unknown([instance({ storageEncrypted: true, kmsKeyId: key })], "orders: kmsKeyId"),
      },
      { title: "the key of AWS in staging", stage: "staging", resources: [cluster({ storageEncrypted: true })] },
      { title: "a read replica, which is as its source", resources: [instance({ replicateSourceDb: "orders" })] },
      { title: "a restored snapshot", resources: [instance({ snapshotIdentifier: "orders-2026" })] },
      { title: "serverless of the first generation", stage: "staging", resources: [cluster({ engineMode: "serverless" })] },
    ],
    violating: [
      { title: "no encryption", resources: [instance({ storageEncrypted: false })], finds: ["orders: storageEncrypted"] },
      { title: "nothing said of it", resources: [cluster({})], finds: ["reports: storageEncrypted"] },
      { title: "the key of AWS in prod", resources: [instance({ storageEncrypted: true })], finds: ["orders: kmsKeyId"] },
      { title: "its alias", resources: [cluster({ storageEncrypted: true, kmsKeyId: "alias/aws/rds" })], finds: ["reports: kmsKeyId"] },
    ],
    reads: { "orders: storageEncrypted": ["orders: storageEncrypted"] },
  },
  "rds-not-public": {
    compliant: [{ title: "an instance without a public address", resources: [instance({ publiclyAccessible: false })] }],
    violating: [
      { title: "an instance with one", resources: [instance({ publiclyAccessible: true })], finds: ["orders: publiclyAccessible"] },
      {
        title: "a member of a cluster with one",
        resources: [member("reports-1", { publiclyAccessible: true })],
        finds: ["reports-1: publiclyAccessible"],
      },
    ],
    reads: { "orders: publiclyAccessible": [] },
  },
  "rds-private-subnets": {
    compliant: [
      { title: "routes to a NAT gateway", resources: table([{ cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1", gatewayId: "" }]) },
      { title: "subnets that the stack does not show", resources: [subnets] },
    ],
    violating: [
      {
        title: "a route to an internet gateway",
        resources: table([{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }], { from: { routes: [internet] } }),
        finds: ["subnets: subnetIds"],
      },
      { title: "one that is written down", resources: table([{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }]), finds: ["subnets: subnetIds"] },
      { title: "a Route of its own", resources: [...table([]), route], finds: ["subnets: subnetIds"] },
      {
        title: "a Route of its own that is written down",
        resources: [...table([]), { ...route, propertyDependencies: { ...route.propertyDependencies, gatewayId: [] } }],
        finds: ["subnets: subnetIds"],
      },
    ],
    reads: { "routes: routes": [], "routes: routes[0].gatewayId": [] },
  },
  "rds-multi-az": {
    compliant: [
      {
        title: "an instance with a standby, and a cluster of two",
        resources: [instance({ multiAz: true }), cluster({}), member("reports-1"), member("reports-2")],
      },
      { title: "a read replica", resources: [instance({ replicateSourceDb: "orders" }, "orders-copy")] },
      { title: "a cluster of three zones by nature", resources: [cluster({ engine: "postgres" })] },
      { title: "serverless of the first generation", resources: [cluster({ engineMode: "serverless" })] },
    ],
    violating: [
      { title: "an instance alone", resources: [instance({ multiAz: false })], finds: ["orders: multiAz"] },
      { title: "a cluster of one instance", resources: [cluster({}), member("reports-1")], finds: ["reports: "] },
    ],
    reads: { "orders: multiAz": ["orders: multiAz"], "reports-2: clusterIdentifier": ["reports: "], "reports: engine": [] },
  },
  "rds-force-ssl": {
    compliant: [
      { title: "a parameter group that forces TLS", resources: [group("postgres14", forced("1"))] },
      {
        title: "a version that forces it by itself",
        resources: [group("postgres15", []), instance({ engineVersion: "15" }, "other"), instance({ engineVersion: undefined })],
      },
      { title: "Aurora of such a version", resources: [clusterGroup("aurora-postgresql17", []), cluster({ engineVersion: "17" })] },
      {
        title: "the default group of a version that forces it, and of another engine",
        resources: [
          instance({ engineVersion: "16", parameterGroupName: "default.postgres16" }),
          cluster({ engineVersion: "17", dbClusterParameterGroupName: "default.aurora-postgresql17" }),
          instance({ engine: "mysql", engineVersion: "8.4", parameterGroupName: "default.mysql8.4" }, "other"),
        ],
      },
      { title: "a group that the stack does not show", resources: [instance({ engineVersion: "14", parameterGroupName: "shared" })] },
      {
        title: "settings of the instances of Aurora, and another engine",
        resources: [group("aurora-postgresql16", []), instance({ engine: "mysql", engineVersion: "8.4" })],
      },
    ],
    violating: [
      { title: "TLS is not forced", resources: [group("postgres16", forced("0"))], finds: ["settings: parameters[1].value"] },
      { title: "an old version that leaves it open", resources: [group("postgres14", [])], finds: ["settings: parameters"] },
      { title: "Aurora of an old version", resources: [clusterGroup("aurora-postgresql16", [])], finds: ["settings: parameters"] },
      { title: "the default group of an old version", resources: [instance({ engineVersion: "14.19" })], finds: ["orders: parameterGroupName"] },
      { title: "that of a cluster", resources: [cluster({ engineVersion: "16.6" })], finds: ["reports: dbClusterParameterGroupName"] },
      {
        title: "the default group by its name",
        resources: [
          instance({ engineVersion: "14.19", parameterGroupName: "default.postgres14" }),
          instance({ engineVersion: undefined, parameterGroupName: "default.postgres13" }, "other"),
          cluster({ engineVersion: undefined, dbClusterParameterGroupName: "default.aurora-postgresql16" }),
        ],
        finds: ["orders: parameterGroupName", "other: parameterGroupName", "reports: dbClusterParameterGroupName"],
      },
    ],
    reads: {
      "settings: family": [],
      "settings: parameters": ["settings: parameters"],
      "settings: parameters[1].name": ["settings: parameters"],
      "settings: parameters[1].value": ["settings: parameters[1].value"],
    },
  },
  "rds-managed-password": {
    compliant: [
      { title: "RDS keeps the password", resources: [instance({ username: "orders_admin", manageMasterUserPassword: true })] },
      { title: "a write-only password", resources: [cluster({ masterPasswordWo: "[secret]", masterPasswordWoVersion: 1 })] },
      { title: "a read replica", resources: [instance({ replicateSourceDb: "orders" })] },
    ],
    violating: [
      { title: "a password in the program", resources: [instance({ password: "correct-horse" })], finds: ["orders: password"] },
      {
        title: "a generated password, which is in the state",
        resources: unknown([cluster({ masterPassword: "generated" })], "reports: masterPassword"),
        finds: ["reports: masterPassword"],
      },
      { title: "no password at all", resources: [instance({ manageMasterUserPassword: false })], finds: ["orders: manageMasterUserPassword"] },
    ],
    reads: { "orders: manageMasterUserPassword": ["orders: manageMasterUserPassword"] },
  },
  "rds-proxy-tls": {
    compliant: [{ title: "a proxy that wants TLS", resources: [proxy({ requireTls: true })] }],
    violating: [
      { title: "a proxy that does not", resources: [proxy({ requireTls: false })], finds: ["pool: requireTls"] },
      { title: "nothing said of it", resources: [proxy({})], finds: ["pool: requireTls"] },
    ],
    reads: { "pool: requireTls": ["pool: requireTls"] },
  },
};
