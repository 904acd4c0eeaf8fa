import { isDeepStrictEqual } from "node:util";
import type { PlanResource } from "./plan.ts";

/** Version of the provider and month in which the table below was compared with it. */
export const replacementSource = { provider: "@pulumi/aws", version: "7.48.0", month: "2026-11" } as const;

/**
 * Inputs whose change replaces a resource, by type, for the types that the library makes. Source: the schemas of the
 * provider (`ForceNew` and plan modifiers of terraform-provider-aws). `region` replaces every resource.
 */
export const replacingInputs: Readonly<Record<string, readonly string[]>> = {
  // network
  "aws:ec2/vpc:Vpc": ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  "aws:ec2/subnet:Subnet": ["availabilityZone", "cidrBlock", "vpcId"],
  "aws:ec2/internetGateway:InternetGateway": [],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["gatewayId", "subnetId"],
  "aws:ec2/route:Route": ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "routeTableId"],
  "aws:ec2/eip:Eip": ["address", "domain", "networkBorderGroup", "publicIpv4Pool"],
  "aws:ec2/natGateway:NatGateway": ["allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ["vpcId"],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "name", "namePrefix", "vpcId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["serviceName", "serviceRegion", "vpcEndpointType", "vpcId"],
  "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": ["domainName", "domainNameServers", "netbiosNameServers", "netbiosNodeType", "ntpServers"],
  "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": ["vpcId"],
  "aws:ec2/flowLog:FlowLog": [
    "destinationOptions",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "subnetId",
    "trafficType",
    "vpcId",
  ],
  "aws:servicediscovery/httpNamespace:HttpNamespace": ["name"],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ["name", "vpc"],
  "aws:servicediscovery/service:Service": ["name", "namespaceId", "type"],
  "aws:servicediscovery/instance:Instance": ["instanceId", "serviceId"],
  // guards
  "aws:kms/key:Key": ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion"],
  "aws:kms/alias:Alias": ["name", "namePrefix"],
  "aws:iam/role:Role": ["name", "namePrefix", "path"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
  "aws:iam/instanceProfile:InstanceProfile": ["name", "namePrefix", "path"],
  "aws:secretsmanager/secret:Secret": ["name", "namePrefix"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretBinary", "secretId", "secretString"],
  "aws:cloudwatch/logGroup:LogGroup": ["logGroupClass", "name", "namePrefix"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn", "role"],
  "aws:backup/vault:Vault": ["kmsKeyArn", "name"],
  "aws:backup/vaultPolicy:VaultPolicy": ["backupVaultName"],
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
  "aws:backup/plan:Plan": [],
  "aws:backup/selection:Selection": ["conditions", "iamRoleArn", "name", "notResources", "planId", "resources", "selectionTags"],
  // tasks, functions, instances
  "aws:ecs/cluster:Cluster": ["name"],
  "aws:ecs/service:Service": ["cluster", "deploymentController", "iamRole", "launchType", "name", "schedulingStrategy"],
  // A new revision: the old one stays until nothing runs it.
  "aws:ecs/taskDefinition:TaskDefinition": [
    "containerDefinitions",
    "cpu",
    "ephemeralStorage",
    "executionRoleArn",
    "family",
    "memory",
    "networkMode",
    "requiresCompatibilities",
    "runtimePlatform",
    "taskRoleArn",
    "volumes",
  ],
  "aws:appautoscaling/target:Target": ["resourceId", "scalableDimension", "serviceNamespace"],
  "aws:appautoscaling/policy:Policy": ["name", "resourceId", "scalableDimension", "serviceNamespace"],
  "aws:lambda/function:Function": ["name", "packageType"],
  // Replacing it is what runs a job again.
  "aws:lambda/invocation:Invocation": ["functionName", "input", "qualifier", "triggers"],
  "aws:ecr/repository:Repository": ["encryptionConfigurations", "name"],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ["policy", "repository"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name", "namePrefix"],
  "aws:ec2/instance:Instance": [
    "ami",
    "associatePublicIpAddress",
    "availabilityZone",
    "keyName",
    "networkInterfaces",
    "placementGroup",
    "privateIp",
    "subnetId",
    "tenancy",
  ],
  "aws:ebs/volume:Volume": ["availabilityZone", "encrypted", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId"],
  "aws:ec2/volumeAttachment:VolumeAttachment": ["deviceName", "instanceId", "volumeId"],
  "aws:ssm/association:Association": ["name"],
  // stores
  "aws:rds/instance:Instance": [
    "availabilityZone",
    "backupTarget",
    "characterSetName",
    "dbName",
    "engine",
    "identifierPrefix",
    "kmsKeyId",
    "restoreToPointInTime",
    "snapshotIdentifier",
    "storageEncrypted",
    "timezone",
    "username",
  ],
  "aws:rds/subnetGroup:SubnetGroup": ["name", "namePrefix"],
  "aws:rds/parameterGroup:ParameterGroup": ["description", "family", "name", "namePrefix"],
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": ["kmsKeyId", "retentionPeriod", "sourceDbInstanceArn"],
  "aws:rds/proxy:Proxy": ["engineFamily", "vpcSubnetIds"],
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": ["dbProxyName"],
  "aws:rds/proxyTarget:ProxyTarget": ["dbClusterIdentifier", "dbInstanceIdentifier", "dbProxyName", "targetGroupName"],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    "atRestEncryptionEnabled",
    "dataTieringEnabled",
    "globalReplicationGroupId",
    "kmsKeyId",
    "networkType",
    "port",
    "replicationGroupId",
    "snapshotArns",
    "snapshotName",
    "subnetGroupName",
  ],
  "aws:elasticache/subnetGroup:SubnetGroup": ["name"],
  "aws:elasticache/parameterGroup:ParameterGroup": ["description", "family", "name"],
  "aws:elasticache/user:User": ["userId", "userName"],
  "aws:elasticache/userGroup:UserGroup": ["userGroupId"],
  "aws:sqs/queue:Queue": ["fifoQueue", "name", "namePrefix"],
  "aws:sqs/queuePolicy:QueuePolicy": ["queueUrl"],
  "aws:sqs/redrivePolicy:RedrivePolicy": ["queueUrl"],
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": ["queueUrl"],
  "aws:sns/topic:Topic": ["fifoTopic", "name", "namePrefix"],
  "aws:sns/topicPolicy:TopicPolicy": ["arn"],
  "aws:sns/topicSubscription:TopicSubscription": ["endpoint", "protocol", "topic"],
};

/** Whether changing this input of a resource of this type makes a new one in its place. */
export const replaces = (type: string, input: string): boolean => input === "region" || (replacingInputs[type]?.includes(input) ?? false);

/** Inputs that differ between two plans and make a new resource in the place of the old one. */
export function replacingChanges(before: PlanResource, after: PlanResource): string[] {
  const inputs = new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)]);
  const changed = [...inputs].filter(
    (input) => !after.ignoreChanges.includes(input) && !isDeepStrictEqual(before.inputs[input], after.inputs[input]),
  );
  return changed.filter((input) => replaces(after.type, input) || after.replaceOnChanges.includes(input)).toSorted();
}
