import { belongsTo } from "../aws-parts.ts";
import type { Breach, Policy, Resource } from "../model.ts";
import { isPublic, statementsOf } from "../policy-document.ts";
import { below, hasInput, isGiven, isTrue, list, number, record, shown, text } from "../read.ts";

const domains = ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"];
const domainPolicies = ["aws:opensearch/domainPolicy:DomainPolicy", "aws:elasticsearch/domainPolicy:DomainPolicy"];

const searchSecure: Policy = {
  id: "search-secure",
  title: "Search domains stand in the network, are encrypted, and know their users",
  severity: "critical",
  why: "A domain outside the network, or one that does not know its users, is found by scanners within hours and read, or emptied for ransom.",
  fix: "On a raw Domain set vpcOptions, encryptAtRest, nodeToNodeEncryption, domainEndpointOptions with TLS 1.2, and advancedSecurityOptions.",
  types: domains,
  scope: "resource",
  references: [
    "FSBP Opensearch.1",
    "FSBP Opensearch.2",
    "FSBP Opensearch.3",
    "FSBP Opensearch.7",
    "FSBP Opensearch.8",
    "CKV_AWS_5",
    "CKV_AWS_6",
    "CKV_AWS_83",
    "CKV_AWS_137",
    "CKV_AWS_228",
    "CKV_AWS_247",
    "CKV2_AWS_52",
    "AWS-0043",
    "AWS-0046",
    "AWS-0048",
    "AWS-0126",
  ],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const { inputs } = resource;
    if (!hasInput(resource, "vpcOptions")) yield { path: "vpcOptions", is: "is not set: the domain has a public endpoint" };
    yield* off(inputs, "encryptAtRest.enabled", "what is written to disk can be read");
    yield* off(inputs, "nodeToNodeEncryption.enabled", "nodes talk to each other in the clear");
    yield* off(inputs, "advancedSecurityOptions.enabled", "whoever may reach it may read and change every index");
    const https = below(inputs, "domainEndpointOptions.enforceHttps");
    // In a block that leaves it out the provider sets it.
    if (https === undefined ? !hasInput(resource, "domainEndpointOptions") : !isTrue(https))
      yield { path: "domainEndpointOptions.enforceHttps", is: `${shown(https)}: plain HTTP is answered` };
    const tls = below(inputs, "domainEndpointOptions.tlsSecurityPolicy");
    if (!/^Policy-Min-TLS-1-[23]/.test(text(tls) ?? ""))
      yield { path: "domainEndpointOptions.tlsSecurityPolicy", is: `${shown(tls)}: TLS 1.0 is still taken` };
  },
};

function* off(inputs: Resource["inputs"], path: string, so: string): Generator<Breach> {
  const value = below(inputs, path);
  if (!isTrue(value)) yield { path, is: `${shown(value)}: ${so}` };
}

const searchPolicy: Policy = {
  id: "search-policy-not-public",
  title: "Access policies of search domains do not let everybody in",
  severity: "critical",
  why: "A principal of * with no condition lets everybody who reaches the endpoint read and delete indexes.",
  fix: "Name the roles in accessPolicies; * is fine only behind vpcOptions with advancedSecurityOptions, where users log in.",
  types: [...domains, ...domainPolicies],
  scope: "stack",
  references: ["own", "AWS-0126"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    for (const resource of stack.ofType(...domains, ...domainPolicies)) {
      if (!hasInput(resource, "accessPolicies")) continue;
      const domain = domainPolicies.includes(resource.type)
        ? stack.ofType(...domains).find((one) => belongsTo(stack, resource, "domainName", one, "domainName"))
        : resource;
      // Where users log in the policy may leave it to them.
      if (domain && hasInput(domain, "vpcOptions") && isTrue(below(domain.inputs, "advancedSecurityOptions.enabled"))) continue;
      const statements = statementsOf(resource.inputs.accessPolicies);
      if (!statements) yield { resource, path: "accessPolicies", is: "is no JSON of a policy" };
      for (const statement of statements ?? [])
        if (isPublic(statement))
          yield { resource, path: `accessPolicies.${statement.path}.Principal`, is: "lets everybody in, with no condition on who or from where" };
    }
  },
};

const searchHa: Policy = {
  id: "search-ha-logs",
  title: "Search domains stand in several zones and log what they do",
  severity: "medium",
  why: "A domain of one zone is away with it, one without dedicated masters loses its head under load, and one without logs cannot say who read what.",
  fix: "On a raw Domain set clusterConfig with three nodes, zoneAwarenessEnabled and dedicatedMasterEnabled, and logPublishingOptions with AUDIT_LOGS and ES_APPLICATION_LOGS.",
  types: domains,
  scope: "resource",
  references: ["FSBP Opensearch.4", "FSBP Opensearch.5", "FSBP Opensearch.6", "CKV_AWS_84", "CKV_AWS_317", "CKV_AWS_318", "CKV2_AWS_59", "AWS-0042"],
  parameters: { dataNodes: { meaning: "Least number of data nodes", default: { dev: 1, staging: 2, prod: 3 }, minimum: 1, maximum: 1000 } },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check({ inputs }, { parameter }) {
    const { instanceCount: count, zoneAwarenessEnabled, dedicatedMasterEnabled } = record(inputs.clusterConfig);
    if ((number(count) ?? 1) < parameter("dataNodes"))
      yield { path: "clusterConfig.instanceCount", is: `${shown(count)}: ${parameter("dataNodes")} data nodes are the least` };
    if (!isTrue(zoneAwarenessEnabled))
      yield { path: "clusterConfig.zoneAwarenessEnabled", is: `${shown(zoneAwarenessEnabled)}: all nodes are in one zone` };
    if (!isTrue(dedicatedMasterEnabled))
      yield { path: "clusterConfig.dedicatedMasterEnabled", is: `${shown(dedicatedMasterEnabled)}: data nodes lead beside their work` };
    const kept = list(inputs.logPublishingOptions).flatMap((option) => (record(option).enabled === false ? [] : [record(option).logType]));
    const lost = ["AUDIT_LOGS", "ES_APPLICATION_LOGS"].filter((kind) => !kept.includes(kind));
    if (lost.length > 0) yield { path: "logPublishingOptions", is: `has no ${lost.join(" and no ")}` };
  },
};

const kafka = "aws:msk/cluster:Cluster";
const broker = "aws:mq/broker:Broker";

const streamSecure: Policy = {
  id: "stream-secure",
  title: "Brokers know their clients, talk to them with TLS, and stay in the network",
  severity: "high",
  why: "Whoever reaches a broker that asks no name, or listens on the way, reads every message and can send some.",
  fix: "On a raw msk Cluster set clientAuthentication, encryptionInfo, loggingInfo and no public access; on an mq Broker logs, deploymentMode, and publiclyAccessible to false.",
  types: [kafka, "aws:msk/serverlessCluster:ServerlessCluster", broker],
  scope: "resource",
  references: [
    "FSBP MSK.1",
    "FSBP MSK.4",
    "FSBP MSK.6",
    "FSBP MQ.2",
    "CKV_AWS_48",
    "CKV_AWS_69",
    "CKV_AWS_80",
    "CKV_AWS_81",
    "CKV_AWS_197",
    "CKV_AWS_291",
    "AWS-0070",
    "AWS-0072",
    "AWS-0073",
    "AWS-0074",
    "AWS-0179",
  ],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ type, inputs }, { stage }) {
    if (type === broker) yield* brokerBreaches(inputs, stage === "prod");
    else if (type === kafka) yield* kafkaBreaches(inputs);
    else yield* off(inputs, "clientAuthentication.sasl.iam.enabled", "clients are not known");
  },
};

function* kafkaBreaches(inputs: Resource["inputs"]): Generator<Breach> {
  const unnamed = below(inputs, "clientAuthentication.unauthenticated");
  const named = ["sasl.iam.enabled", "sasl.scram.enabled"].some((way) => isTrue(below(inputs.clientAuthentication, way)));
  if (isTrue(unnamed)) yield { path: "clientAuthentication.unauthenticated", is: "is true: clients need no name" };
  else if (!named && !isGiven(record(below(inputs, "clientAuthentication.tls")), "certificateAuthorityArns"))
    yield { path: "clientAuthentication", is: "names no way to log in: clients need no name" };
  const { clientBroker, inCluster } = record(below(inputs, "encryptionInfo.encryptionInTransit"));
  const path = "encryptionInfo.encryptionInTransit";
  if (clientBroker !== undefined && clientBroker !== "TLS")
    yield { path: `${path}.clientBroker`, is: `${shown(clientBroker)}: clients may come without TLS` };
  if (inCluster === false || inCluster === "false") yield { path: `${path}.inCluster`, is: "is false: brokers talk to each other in the clear" };
  const access = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type";
  const open = below(inputs, access);
  if (open !== undefined && open !== "DISABLED") yield { path: access, is: `${shown(open)}: brokers have public addresses` };
  const logs = "loggingInfo.brokerLogs";
  const kept = ["cloudwatchLogs", "firehose", "s3"].some((place) => isTrue(below(below(inputs, logs), `${place}.enabled`)));
  if (!kept) yield { path: logs, is: "sends logs nowhere" };
}

function* brokerBreaches(inputs: Resource["inputs"], prod: boolean): Generator<Breach> {
  if (isTrue(inputs.publiclyAccessible)) yield { path: "publiclyAccessible", is: "is true: the broker has a public address" };
  const mode = inputs.deploymentMode ?? undefined;
  if (prod && (mode === undefined || mode === "SINGLE_INSTANCE"))
    yield { path: "deploymentMode", is: `${shown(mode)}: nothing takes over when the one broker fails` };
  yield* off(inputs, "logs.general", "what the broker says is not kept");
}

export const awsStreamPolicies: readonly Policy[] = [searchSecure, searchPolicy, searchHa, streamSecure];
