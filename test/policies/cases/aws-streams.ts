import { type PolicyCases, resource } from "../cases.ts";

const domain = (inputs: Record<string, unknown>) => resource("aws:opensearch/domain:Domain", "catalog", { domainName: "catalog", ...inputs });
const secure = {
  vpcOptions: { subnetIds: ["subnet-1"] },
  encryptAtRest: { enabled: true },
  nodeToNodeEncryption: { enabled: true },
  advancedSecurityOptions: { enabled: true },
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
};
const open = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "es:*", Resource: "*" }] });
const closed = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:role/search" }, Action: "es:ESHttp*", Resource: "*" }],
});
const policy = (accessPolicies: string) =>
  resource("aws:opensearch/domainPolicy:DomainPolicy", "catalog-policy", { domainName: "catalog", accessPolicies });
const nodes = { instanceCount: 3, zoneAwarenessEnabled: true, dedicatedMasterEnabled: true };
const logs = [{ logType: "AUDIT_LOGS" }, { logType: "ES_APPLICATION_LOGS" }];

const kafka = (inputs: Record<string, unknown>) =>
  resource("aws:msk/cluster:Cluster", "clicks", {
    clientAuthentication: { unauthenticated: false, sasl: { iam: { enabled: true } } },
    encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
    brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "DISABLED" } } },
    loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true } } },
    ...inputs,
  });
const broker = (inputs: Record<string, unknown>) =>
  resource("aws:mq/broker:Broker", "suppliers", {
    deploymentMode: "CLUSTER_MULTI_AZ",
    publiclyAccessible: false,
    logs: { general: true },
    ...inputs,
  });
const serverless = (enabled: boolean) =>
  resource("aws:msk/serverlessCluster:ServerlessCluster", "views", { clientAuthentication: { sasl: { iam: { enabled } } } });

export const awsStreamCases: Readonly<Record<string, PolicyCases>> = {
  "search-secure": {
    compliant: [
      { title: "a domain in the network that knows its users", resources: [domain(secure)] },
      {
        title: "HTTPS as the provider sets it",
        resources: [domain({ ...secure, domainEndpointOptions: { tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" } })],
      },
    ],
    violating: [
      { title: "a public endpoint", resources: [domain({ ...secure, vpcOptions: undefined })], finds: ["catalog: vpcOptions"] },
      {
        title: "a domain as it comes",
        resources: [domain({})],
        finds: [
          "catalog: vpcOptions",
          "catalog: encryptAtRest.enabled",
          "catalog: nodeToNodeEncryption.enabled",
          "catalog: advancedSecurityOptions.enabled",
          "catalog: domainEndpointOptions.enforceHttps",
          "catalog: domainEndpointOptions.tlsSecurityPolicy",
        ],
      },
      {
        title: "plain HTTP and an old TLS",
        resources: [domain({ ...secure, domainEndpointOptions: { enforceHttps: false, tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" } })],
        finds: ["catalog: domainEndpointOptions.enforceHttps", "catalog: domainEndpointOptions.tlsSecurityPolicy"],
      },
    ],
    reads: {
      "catalog: encryptAtRest": ["catalog: encryptAtRest.enabled"],
      "catalog: encryptAtRest.enabled": ["catalog: encryptAtRest.enabled"],
      "catalog: nodeToNodeEncryption.enabled": ["catalog: nodeToNodeEncryption.enabled"],
      "catalog: advancedSecurityOptions.enabled": ["catalog: advancedSecurityOptions.enabled"],
      "catalog: domainEndpointOptions.enforceHttps": [],
      "catalog: domainEndpointOptions.tlsSecurityPolicy": ["catalog: domainEndpointOptions.tlsSecurityPolicy"],
    },
  },
  "search-policy-not-public": {
    compliant: [
      { title: "a policy for one role", resources: [domain({ accessPolicies: closed }), policy(closed)] },
      { title: "everybody in the network who logs in", resources: [domain(secure), policy(open)] },
    ],
    violating: [
      { title: "a policy for everybody", resources: [domain({ accessPolicies: open })], finds: ["catalog: accessPolicies.Statement[0].Principal"] },
      {
        title: "beside the domain, where nobody logs in",
        resources: [domain({ ...secure, advancedSecurityOptions: { enabled: false } }), policy(open)],
        finds: ["catalog-policy: accessPolicies.Statement[0].Principal"],
      },
      { title: "no JSON", resources: [policy("*")], finds: ["catalog-policy: accessPolicies"] },
    ],
    reads: { "catalog: accessPolicies": [], "catalog-policy: accessPolicies": [], "catalog-policy: domainName": [] },
  },
  "search-ha-logs": {
    compliant: [{ title: "three nodes in several zones, and logs", resources: [domain({ clusterConfig: nodes, logPublishingOptions: logs })] }],
    violating: [
      {
        title: "a domain as it comes",
        resources: [domain({})],
        finds: [
          "catalog: clusterConfig.instanceCount",
          "catalog: clusterConfig.zoneAwarenessEnabled",
          "catalog: clusterConfig.dedicatedMasterEnabled",
          "catalog: logPublishingOptions",
        ],
      },
      {
        title: "two nodes in prod, and a log that is off",
        resources: [domain({ clusterConfig: { ...nodes, instanceCount: 2 }, logPublishingOptions: [{ ...logs[0], enabled: false }, logs[1]] })],
        finds: ["catalog: clusterConfig.instanceCount", "catalog: logPublishingOptions"],
      },
    ],
    reads: {
      "catalog: clusterConfig.instanceCount": ["catalog: clusterConfig.instanceCount"],
      "catalog: clusterConfig.zoneAwarenessEnabled": ["catalog: clusterConfig.zoneAwarenessEnabled"],
      "catalog: clusterConfig.dedicatedMasterEnabled": ["catalog: clusterConfig.dedicatedMasterEnabled"],
      "catalog: logPublishingOptions": ["catalog: logPublishingOptions"],
      "catalog: logPublishingOptions[0].logType": ["catalog: logPublishingOptions"],
    },
  },
  "stream-secure": {
    compliant: [
      { title: "brokers that know their clients", resources: [kafka({}), broker({}), serverless(true)] },
      {
        title: "certificates of clients, and the rest as it comes",
        resources: [
          kafka({ clientAuthentication: { tls: { certificateAuthorityArns: ["arn"] } }, encryptionInfo: undefined, brokerNodeGroupInfo: {} }),
        ],
      },
      { title: "one broker in staging", stage: "staging", resources: [broker({ deploymentMode: "SINGLE_INSTANCE" })] },
    ],
    violating: [
      {
        title: "clients without a name",
        resources: [kafka({ clientAuthentication: { unauthenticated: true } })],
        finds: ["clicks: clientAuthentication.unauthenticated"],
      },
      { title: "no way to log in", resources: [kafka({ clientAuthentication: undefined })], finds: ["clicks: clientAuthentication"] },
      {
        title: "connections in the clear",
        resources: [kafka({ encryptionInfo: { encryptionInTransit: { clientBroker: "TLS_PLAINTEXT", inCluster: false } } })],
        finds: ["clicks: encryptionInfo.encryptionInTransit.clientBroker", "clicks: encryptionInfo.encryptionInTransit.inCluster"],
      },
      {
        title: "public addresses",
        resources: [
          kafka({ brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "SERVICE_PROVIDED_EIPS" } } } }),
          broker({ publiclyAccessible: true }),
        ],
        finds: ["clicks: brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "suppliers: publiclyAccessible"],
      },
      {
        title: "no logs",
        resources: [kafka({ loggingInfo: undefined }), broker({ logs: undefined })],
        finds: ["clicks: loggingInfo.brokerLogs", "suppliers: logs.general"],
      },
      { title: "one broker alone", resources: [broker({ deploymentMode: undefined })], finds: ["suppliers: deploymentMode"] },
      { title: "serverless without names", resources: [serverless(false)], finds: ["views: clientAuthentication.sasl.iam.enabled"] },
    ],
    reads: {
      "clicks: clientAuthentication": ["clicks: clientAuthentication"],
      "clicks: clientAuthentication.unauthenticated": [],
      "clicks: clientAuthentication.sasl": ["clicks: clientAuthentication"],
      "clicks: encryptionInfo": [],
      "clicks: encryptionInfo.encryptionInTransit.clientBroker": [],
      "clicks: encryptionInfo.encryptionInTransit.inCluster": [],
      "clicks: brokerNodeGroupInfo.connectivityInfo.publicAccess.type": [],
      "clicks: loggingInfo.brokerLogs.cloudwatchLogs.enabled": ["clicks: loggingInfo.brokerLogs"],
      "suppliers: publiclyAccessible": [],
      "suppliers: deploymentMode": ["suppliers: deploymentMode"],
      "suppliers: logs": ["suppliers: logs.general"],
      "views: clientAuthentication": ["views: clientAuthentication.sasl.iam.enabled"],
    },
  },
};
