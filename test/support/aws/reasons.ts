/** Statements that are wider than a name, each with the reason. */
export const wide: readonly { readonly what: RegExp; readonly because: string }[] = [
  {
    what: /^Key AccountDecides (Action kms:\*|Resource \*)$/,
    because: "a key that its account may not administer is lost; in a key policy * is this key",
  },
  { what: /^Key \w+ Resource \*$/, because: "in a key policy * is this key; who and when are limited" },
  {
    what: /^VpcEndpoint PrincipalsOfThisAccount /,
    because: "the endpoint lets roles of this account through; what they may do their own policies say",
  },
  { what: /^VpcEndpoint (LayersOfImages|PackagesOfAmazonLinux) /, because: "buckets of AWS that are read by links" },
  { what: /^(Queue|Topic|Bucket|FileSystem)Policy Deny\w+ /, because: "a denial: the wider the better" },
  {
    what: /^RolePolicy ReadBundles Resource arn:aws:s3:::[\w-]+\/[\w-]+\/\*$/,
    because: "each content of a server's policies is an object of its own, and a rollout that goes back reads the one before",
  },
  { what: /^VaultPolicy RecoveryPointsEndByThemselves (Principal|Resource) \*$/, because: "a denial: the wider the better" },
  { what: /^RolePolicy RegistryLogin Resource \*$/, because: "a login is for the registry as a whole" },
  {
    what: /^RolePolicy (WriteLog|ReadLogOfTask) Resource \S+:log-group:\/groundplan\/[\w-]+\/[\w-]+:log-stream:\*$/,
    because: "streams are named by task",
  },
  { what: /^RolePolicy (Write|Find) Resource \S+:log-group:\/groundplan\/[\w-]+\/flow:\*$/, because: "streams are named by network interface" },
  { what: /^RolePolicy (KeepGroup|WriteStreams) Resource \S+:log-group:RDSOSMetrics:(log-stream:)?\*$/, because: "RDS names the streams" },
  { what: /^RolePolicy StartTask Resource \S+:task-definition\/[\w-]+:\*$/, because: "every revision of one task" },
  { what: /^RolePolicy TagTask Resource \S+:task\/[\w-]+\/\*$/, because: "tasks are named when they start; only while they start" },
  { what: /^RolePolicy FollowTask Resource \S+:task\/[\w-]+\/\*$/, because: "tasks are named when they start; limited to the cluster" },
  { what: /^RolePolicy TellDisk Resource \*$/, because: "CloudWatch knows no resources for figures; limited to the namespace of the stack" },
  {
    what: /^BucketPolicy LinesOfLoadBalancers Resource \S+\/(access|connections)\/AWSLogs\/\d{12}\/\*$/,
    because: "the load balancer names its files by time",
  },
  {
    what: /^LogResourcePolicy LinesOfFirewall Resource \S+:log-group:aws-waf-logs-[\w-]+:log-stream:\*$/,
    because: "the firewall names its streams",
  },
  { what: /^RolePolicy SendTraces Resource \*$/, because: "X-Ray knows no resources for what it is sent" },
  { what: /^RolePolicy ReadFigures Resource \*$/, because: "CloudWatch knows no resources for who reads figures" },
  {
    what: /^RolePolicy ReadTraces Resource \*$/,
    because: "X-Ray knows no resources for who reads traces, but for groups, whose names are no traces",
  },
  { what: /^RolePolicy Agent\w+ Resource \*$/, because: "the agent of Systems Manager: its actions know no resources" },
];

/** Services that take a role without saying for which resource, each with the reason why that does no harm. */
export const withoutSource: Readonly<Record<string, string>> = {
  "backup.amazonaws.com": "that it gives one is not documented; only who may pass the role in this account selects with it",
  "ec2.amazonaws.com": "it gives no source to compare; only who may pass the role in this account puts it on an instance",
  "lambda.amazonaws.com": "it gives no source to compare; only who may pass the role in this account puts it on a function",
  "rds.amazonaws.com":
    "of RDS Proxy it is not documented that it gives one; only who may pass the role in this account puts it on a proxy, and it opens logins of this database alone",
};
