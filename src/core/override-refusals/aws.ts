import { called, closed, content, identity, inputs, isolation, owned, published, type Refusal, started, stored, waiting } from "./refusal.ts";

const texts = ["tags", "description"];

export const awsRefusals: readonly Refusal[] = [
  ...inputs(
    undefined,
    ["name", "namePrefix", "identifier*", "bucket", "bucketPrefix", "replicationGroupId", "family", "port", "protocol", "transitEncryption*"],
    called,
  ),
  // tagsAll is worked out by the provider; who sets it says all tags anew.
  ...inputs(undefined, ["tags/groundplan:*", "tagsAll"], owned),

  closed(["iam.*"], [...texts, "path", "permissionsBoundary", "maxSessionDuration", "forceDetachPolicies"], identity),
  closed(["elasticache.User*", "grafana.WorkspaceServiceAccount"], texts, identity),
  closed(["kms.*"], [...texts, "deletionWindowInDays", "enableKeyRotation", "rotationPeriodInDays"], identity),
  closed(["sqs.*Policy", "sns.*Policy", "backup.VaultPolicy", "efs.FileSystemPolicy", "cloudwatch.Log*Policy", "ecr.RepositoryPolicy"], [], identity),
  closed(["s3.BucketPolicy", "s3.BucketPublicAccessBlock", "s3.BucketOwnershipControls", "s3.BucketAcl", "lambda.Permission"], [], identity),
  ...inputs(["sqs.Queue", "sns.Topic", "s3.Bucket", "ecr.Repository"], ["policy", "redrive*", "acl", "grants"], identity),
  ...inputs(undefined, ["iam*", "role", "roles", "*RoleArn*", "*RoleName", "user*", "auth*", "permissionType", "accountAccessType"], identity),
  ...inputs(["ec2.Instance"], ["launchTemplate", "imageId", "ami"], started),

  closed(["secretsmanager.*"], [...texts, "recoveryWindowInDays", "kmsKeyId"], content),
  closed(["s3.BucketObject*"], ["tags"], content),
  closed(["lambda.Invocation"], [], content),
  closed(["ssm.Association"], ["tags", "maxConcurrency", "maxErrors", "waitForSuccessTimeoutSeconds"], content),
  ...inputs(undefined, ["*assword*", "*ecret*"], content),

  closed(["ecs.TaskDefinition"], ["tags", "cpu", "memory", "ephemeralStorage", "runtimePlatform", "skipDestroy", "enableFaultInjection"], started),
  closed(
    ["lambda.Function"],
    [...texts, "memorySize", "timeout", "ephemeralStorage", "loggingConfig", "tracingConfig", "reservedConcurrentExecutions"],
    started,
  ),
  ...inputs(["ecs.Service"], ["cluster", "taskDefinition"], started),
  ...inputs(["ecs.Service"], ["loadBalancers", "service*"], isolation),
  ...inputs(["ecs.Service"], ["waitForSteadyState"], waiting),
  closed(["efs.AccessPoint"], ["tags"], stored),
  ...inputs(undefined, ["volumeConfiguration*"], stored),

  closed(["ec2.SecurityGroup", "ec2.DefaultSecurityGroup"], [...texts, "revokeRulesOnDelete"], isolation),
  closed(["vpc.*", "ec2.SecurityGroupRule", "ec2.Route*", "ec2.VpcEndpoint*", "ec2.VpcDhcp*", "ec2.NetworkAcl*"], texts, isolation),
  closed(["servicediscovery.*"], [...texts, "forceDestroy"], called),
  ...inputs(undefined, ["*ecurityGroup*", "*ubnet*", "vpc*", "network*"], isolation),
  ...inputs(["ecs.Cluster"], ["serviceConnectDefaults"], isolation),
  ...inputs(undefined, ["*ublic*"], published),
  ...inputs(["lb.LoadBalancer"], ["internal"], published),
  closed(["lb.Listener"], ["tags", "sslPolicy", "routingHttp*", "tcpIdleTimeoutSeconds"], published),
  closed(["lb.ListenerRule", "lb.TargetGroupAttachment", "wafv2.WebAclAssociation"], ["tags"], published),
  closed(["acm.*"], ["tags", "keyAlgorithm", "options"], published),
  closed(["route53.Record"], ["ttl"], published),
  closed(["sns.TopicSubscription"], [], isolation),
];
