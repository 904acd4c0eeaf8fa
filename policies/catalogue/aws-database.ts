import { belongsTo, customerKey, takesKeyOfAws } from "../aws-parts.ts";
import type { Policy } from "../model.ts";
import {
  cluster,
  clusterInstance,
  clusterParameterGroup,
  instance,
  isAurora,
  isCopy,
  isReplica,
  majorOf,
  parameterGroup,
  postgresFamily,
  setting,
} from "../rds.ts";
import { hasInput, isTrue, peek, records, shown, text } from "../read.ts";

const storageEncrypted: Policy = {
  id: "rds-storage-encrypted",
  title: "Disks of databases are encrypted",
  severity: "high",
  why: "Whoever gets hold of a disk, a snapshot or a backup that is not encrypted reads all of it, and encryption cannot be switched on later.",
  fix: "PostgresDb does so with the key of the stack; on a raw instance or cluster set storageEncrypted and kmsKeyId.",
  types: [instance, cluster],
  scope: "resource",
  references: ["FSBP RDS.3", "FSBP RDS.27", "CKV_AWS_16", "CKV_AWS_96", "CKV_AWS_327", "AWS-0079", "AWS-0080"],
  parameters: { customerKey },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource, { parameter }) {
    const { inputs } = resource;
    if (isCopy(resource)) return;
    // The first generation of serverless clusters is always encrypted.
    const encrypted = isTrue(inputs.storageEncrypted) || (inputs.storageEncrypted === undefined && text(inputs.engineMode) === "serverless");
    if (!encrypted) yield { path: "storageEncrypted", is: `${shown(inputs.storageEncrypted)}: the disk can be read as it is` };
    else if (parameter("customerKey") > 0 && takesKeyOfAws(resource, "kmsKeyId"))
      yield { path: "kmsKeyId", is: "names no key of one's own: who may use the key of AWS cannot be said, and snapshots under it cannot be shared" };
  },
};

const notPublic: Policy = {
  id: "rds-not-public",
  title: "Databases have no public address",
  severity: "critical",
  why: "A database with a public address can be tried by everybody on the internet as soon as one security group is too wide.",
  fix: "PostgresDb never has one; on a raw instance leave publiclyAccessible out or set it to false.",
  types: [instance, clusterInstance],
  scope: "resource",
  references: ["FSBP RDS.2", "CKV_AWS_17", "AWS-0180"],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  check: ({ inputs }) => (isTrue(inputs.publiclyAccessible) ? [{ path: "publiclyAccessible", is: "is true: the server gets a public address" }] : []),
};

const internetGateway = ["aws:ec2/internetGateway:InternetGateway"];
const routeTables = ["aws:ec2/routeTable:RouteTable"];
const associations = ["aws:ec2/routeTableAssociation:RouteTableAssociation"];

const privateSubnets: Policy = {
  id: "rds-private-subnets",
  title: "Databases stand in subnets without a way from the internet",
  severity: "critical",
  why: "In a subnet that leads to an internet gateway one more flag or address is enough to make the database public.",
  fix: "PostgresDb takes the data subnets of the platform; give a raw SubnetGroup subnets whose route table has no route to an internet gateway.",
  types: ["aws:rds/subnetGroup:SubnetGroup"],
  scope: "stack",
  references: ["FSBP RDS.46"],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    const leadsOut = (table: (typeof stack.resources)[number]) =>
      stack.referred(table, internetGateway, "routes").length > 0 ||
      ((table.propertyDependencies.routes ?? []).length === 0 && records(table.inputs.routes).some(([, route]) => isGateway(route.gatewayId))) ||
      stack
        .referring(table, ["aws:ec2/route:Route"], "routeTableId")
        .some((route) =>
          (route.propertyDependencies.gatewayId ?? []).length > 0
            ? stack.referred(route, internetGateway, "gatewayId").length > 0
            : isGateway(route.inputs.gatewayId),
        );
    for (const group of stack.ofType(...privateSubnets.types)) {
      for (const subnet of stack.referred(group, ["aws:ec2/subnet:Subnet"], "subnetIds")) {
        const tables = stack.referring(subnet, associations, "subnetId").flatMap((link) => stack.referred(link, routeTables, "routeTableId"));
        if (tables.some(leadsOut))
          yield {
            resource: group,
            path: "subnetIds",
            is: `has ${subnet.name}, whose routes lead to an internet gateway: that makes it a public subnet`,
          };
      }
    }
  },
};

const isGateway = (id: unknown) => (text(id) ?? "").startsWith("igw-");

const multiAz: Policy = {
  id: "rds-multi-az",
  title: "Databases have a standby in another zone",
  severity: "high",
  why: "When the zone or the machine fails, a database without a standby is away until it has been restored from a backup.",
  fix: "Set aws.multiAz of PostgresDb, or multiAz of a raw instance; give an Aurora cluster a second ClusterInstance.",
  types: [instance, cluster],
  scope: "stack",
  references: ["FSBP RDS.5", "FSBP RDS.15", "CKV_AWS_157"],
  parameters: {
    instances: { meaning: "Least number of instances of an Aurora cluster", default: { dev: 1, staging: 2, prod: 2 }, minimum: 1, maximum: 16 },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack, { parameter }) {
    for (const resource of stack.ofType(instance)) {
      const { multiAz } = resource.inputs;
      if (!isTrue(multiAz) && !isReplica(resource))
        yield { resource, path: "multiAz", is: `${shown(multiAz)}: nothing takes over when the zone fails` };
    }
    for (const resource of stack.ofType(cluster).filter(isAurora)) {
      const members = stack.ofType(clusterInstance).filter((member) => belongsTo(stack, member, "clusterIdentifier", resource, "clusterIdentifier"));
      if (members.length < parameter("instances"))
        yield {
          resource,
          path: "",
          is: `has ${members.length} of the ${parameter("instances")} instances that are the least: none takes over when one fails`,
        };
    }
  },
};

const proxyTls: Policy = {
  id: "rds-proxy-tls",
  title: "A proxy of databases takes connections with TLS alone",
  severity: "high",
  why: "Without it a client that asks for no encryption sends its password and all data in the clear.",
  fix: "PostgresDb with aws.proxy does so; on a raw Proxy set requireTls.",
  types: ["aws:rds/proxy:Proxy"],
  scope: "resource",
  references: ["FSBP RDS.43"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: ({ inputs }) => (isTrue(inputs.requireTls) ? [] : [{ path: "requireTls", is: `${shown(inputs.requireTls)}: clients may come without TLS` }]),
};

/** Since these major versions the default of rds.force_ssl is 1. */
const forcedSince = { postgres: 15, aurora: 17 };

/** A group that AWS keeps and nobody can change: `default.postgres14`, `default.aurora-postgresql16`. */
const defaultGroup = /^default\.(?:postgres|(aurora-postgresql))(\d+)/;

const forceSsl: Policy = {
  id: "rds-force-ssl",
  title: "PostgreSQL takes connections with TLS alone",
  severity: "high",
  why: "Without it a client that asks for no encryption sends its password and all data in the clear.",
  fix: "PostgresDb does so; give a raw instance or cluster a parameter group with rds.force_ssl = 1.",
  types: [instance, cluster, parameterGroup, clusterParameterGroup],
  scope: "resource",
  references: ["FSBP RDS.38", "CKV2_AWS_69"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check(resource) {
    const { type, inputs } = resource;
    if (type === parameterGroup || type === clusterParameterGroup) {
      const family = postgresFamily(resource);
      if (!family) return [];
      const found = setting(resource, "rds.force_ssl");
      if (found)
        return ["1", "on", "true"].includes(String(found.value)) ? [] : [{ path: found.path, is: `${shown(found.value)}: rds.force_ssl is off` }];
      const since = family.aurora ? forcedSince.aurora : forcedSince.postgres;
      return family.major >= since ? [] : [{ path: "parameters", is: `has no rds.force_ssl, which is off by itself before version ${since}` }];
    }
    const path = type === cluster ? "dbClusterParameterGroupName" : "parameterGroupName";
    const named = text(peek(inputs, path));
    const standard = named === undefined ? undefined : defaultGroup.exec(named);
    if (hasInput(resource, path) && !standard) return [];
    const aurora = standard ? standard[1] !== undefined : inputs.engine === "aurora-postgresql";
    const since = aurora ? forcedSince.aurora : standard || inputs.engine === "postgres" ? forcedSince.postgres : 0;
    const major = standard ? Number(standard[2]) : majorOf(inputs.engineVersion);
    if (major === undefined || major >= since) return [];
    return [{ path, is: `${shown(named)}, and in the default group of versions before ${since} rds.force_ssl is off` }];
  },
};

const managedPassword: Policy = {
  id: "rds-managed-password",
  title: "RDS keeps the administrator's password",
  severity: "critical",
  why: "A password that the program gives lies in the state and with whoever can read it, and nobody ever changes it.",
  fix: "PostgresDb does so; on a raw instance or cluster set manageMasterUserPassword, or give passwordWo or masterPasswordWo with its version.",
  types: [instance, cluster],
  scope: "resource",
  references: ["CKV_SECRET", "cfn-lint W2501"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check(resource) {
    const { type, inputs } = resource;
    const path = type === cluster ? "masterPassword" : "password";
    if (hasInput(resource, path)) return [{ path, is: "is given by the program, so that the state has it too" }];
    if (isTrue(inputs.manageMasterUserPassword) || hasInput(resource, `${path}Wo`) || isCopy(resource)) return [];
    return [{ path: "manageMasterUserPassword", is: `${shown(inputs.manageMasterUserPassword)}, and no write-only password is given in its place` }];
  },
};

export const awsDatabasePolicies: readonly Policy[] = [storageEncrypted, notPublic, privateSubnets, multiAz, forceSsl, managedPassword, proxyTls];
