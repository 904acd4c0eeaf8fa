import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { childOf, overridesCheck } from "../../../src/core/override-book.ts";
import { laidOver } from "../../../src/core/override-merge.ts";
import { settingsOf, specs } from "../../support/settings.ts";
import { resolved } from "../connections.ts";

describe("inputs with others laid over them", () => {
  test("maps are merged, lists of named entries by name, other lists replaced, and null takes away", () => {
    const base = {
      spec: {
        replicas: 2,
        containers: [
          { name: "db", image: "a", ports: [1, 2] },
          { name: "side", image: "b" },
        ],
      },
      args: ["one", "two"],
      kept: 1,
      gone: 2,
    };
    const over = {
      spec: {
        containers: [
          { name: "db", ports: [3] },
          { name: "more", image: "c" },
        ],
      },
      args: ["three"],
      gone: null,
      fresh: { of: { it: true } },
    };
    expect(laidOver(base, over)).toEqual({
      spec: {
        replicas: 2,
        containers: [
          { name: "db", image: "a", ports: [3] },
          { name: "side", image: "b" },
          { name: "more", image: "c" },
        ],
      },
      args: ["three"],
      kept: 1,
      fresh: { of: { it: true } },
    });
    // What was there is as it was.
    expect(base.spec.containers[0]).toEqual({ name: "db", image: "a", ports: [1, 2] });
  });

  test("what is known later is merged later, and a secret stays one", async () => {
    const merged = laidOver({ spec: pulumi.secret({ a: 1, b: { c: 2 } }) }, { spec: { b: { c: 3 } } }) as { spec: pulumi.Output<unknown> };
    expect(await resolved(merged.spec)).toEqual({ a: 1, b: { c: 3 } });
    expect(await pulumi.isSecret(merged.spec)).toBe(true);
    const given = pulumi.output("late");
    expect(laidOver({ a: { b: 1 } }, { a: { b: given } })).toEqual({ a: { b: given } });
  });

  test("a key of an object's own machinery is one like all others", () => {
    const merged = laidOver({}, JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(merged.polluted).toBeUndefined();
  });
});

describe("the form of overrides", () => {
  const paths = (value: unknown) => overridesCheck(value, "overrides").map(({ path }) => path);

  test("targets, children and inputs are taken as they are", () => {
    const aws = { "rds.Instance": { applyImmediately: true }, "ec2.SecurityGroup/group": { tags: { team: "shop" } } };
    const kubernetes = { StatefulSet: { metadata: { labels: { team: "shop" } }, spec: { template: { spec: { priorityClassName: "high" } } } } };
    expect(paths({ docker: { "Container/databases": { shmSize: 99 } }, kubernetes, aws })).toEqual([]);
  });

  test.each<[unknown, string]>([
    [[], "overrides"],
    [{ podman: {} }, "overrides.podman"],
    [{ docker: [] }, "overrides.docker"],
    [{ docker: { "data base": {} } }, "overrides.docker.data base"],
    [{ docker: { Container: 1 } }, "overrides.docker.Container"],
    [{ docker: { Container: pulumi.output({}) } }, "overrides.docker.Container"],
    [{ docker: { Container: { name: "mine" } } }, "overrides.docker.Container.name"],
    [{ docker: { Container: { envs: ["A=b"] } } }, "overrides.docker.Container.envs"],
    [{ docker: { "Container/databases": { networkMode: "host" } } }, "overrides.docker.Container/databases.networkMode"],
    [{ docker: { Network: { internal: false } } }, "overrides.docker.Network.internal"],
    [{ docker: { Volume: { labels: [] } } }, "overrides.docker.Volume.labels"],
    [{ kubernetes: { Service: { metadata: { name: "x" } } } }, "overrides.kubernetes.Service.metadata.name"],
    [
      { kubernetes: { Deployment: { metadata: { labels: { "io.groundplan.part": "x" } } } } },
      "overrides.kubernetes.Deployment.metadata.labels.io.groundplan.part",
    ],
    [{ kubernetes: { Deployment: { spec: { selector: null } } } }, "overrides.kubernetes.Deployment.spec.selector"],
    [{ kubernetes: { NetworkPolicy: { spec: { egress: [] } } } }, "overrides.kubernetes.NetworkPolicy.spec"],
    [{ kubernetes: { "Secret/env": { stringData: { A: "b" } } } }, "overrides.kubernetes.Secret/env.stringData"],
    [{ aws: { "rds.Instance": { password: "x" } } }, "overrides.aws.rds.Instance.password"],
    [{ aws: { "rds.Instance": { tags: { "groundplan:stack": "x" } } } }, "overrides.aws.rds.Instance.tags.groundplan:stack"],
    [{ aws: { "rds.Instance": { vpcSecurityGroupIds: [] } } }, "overrides.aws.rds.Instance.vpcSecurityGroupIds"],
    [{ aws: { "vpc.SecurityGroupEgressRule/to-db": { cidrIpv4: "0.0.0.0/0" } } }, "overrides.aws.vpc.SecurityGroupEgressRule/to-db.cidrIpv4"],
  ])("%j is a problem", (value, path) => {
    expect(paths(value)).toEqual([path]);
  });

  /** Child and path of each input, as somebody may want it. */
  const wanted = {
    docker: {
      Container: `publishAllPorts hosts mounts volumes pidMode ipcMode networkMode usernsMode networksAdvanced command entrypoints healthcheck
        privileged devices user hostname dns`,
      Network: "attachable ipv6",
      Volume: "driver driverOpts",
      Image: "build registry",
    },
    kubernetes: {
      CronJob: `spec/jobTemplate/spec/template/metadata/labels/io.groundplan.part spec/jobTemplate/spec/template/spec/serviceAccountName
        spec/jobTemplate/spec/template/spec/containers/[it]/envFrom spec/jobTemplate/metadata/labels/io.groundplan.part`,
      Deployment: `spec/template/spec/serviceAccount spec/template/spec/hostAliases spec/template/spec/hostNetwork spec/template/spec/hostPID
        spec/template/spec/hostIPC spec/template/spec/dnsPolicy spec/template/spec/volumes spec/template/spec/containers/[it]/env
        spec/template/spec/containers/[it]/envFrom spec/template/spec/containers/[it]/image spec/template/spec/initContainers/[it]/image
        spec/template/spec/containers/[it]/readinessProbe spec/template/metadata/annotations/traffic.sidecar.istio.io~excludeOutboundPorts
        spec/template/metadata/labels/sidecar.istio.io~inject spec/template/metadata/annotations/sidecar.istio.io~inject
        metadata/annotations/pulumi.com~skipAwait`,
      DestinationRule: "spec/trafficPolicy",
      Sidecar: "spec/egress",
      HTTPRoute: "spec/rules",
      AuthorizationPolicy: "spec/rules",
      PeerAuthentication: "spec/mtls",
      NetworkPolicy: "spec/ingress",
      RoleBinding: "subjects roleRef",
      ClusterRole: "rules",
      ServiceAccount: "metadata/annotations/eks.amazonaws.com~role-arn automountServiceAccountToken",
      Service: "spec/type spec/externalIPs",
      Gateway: "spec/listeners",
    },
    aws: {
      "iam.RolePolicy": "policy role",
      "iam.Role": "assumeRolePolicy inlinePolicies managedPolicyArns",
      "iam.RolePolicyAttachment": "policyArn",
      "ecs.TaskDefinition": "taskRoleArn executionRoleArn containerDefinitions volumes pidMode",
      "ecs.Service": "networkConfiguration serviceConnectConfiguration taskDefinition",
      "rds.Instance": "passwordWo passwordWoVersion manageMasterUserPassword username iamDatabaseAuthenticationEnabled publiclyAccessible tagsAll",
      "secretsmanager.SecretVersion": "secretString secretBinary secretStringWo secretStringWoVersion",
      "secretsmanager.Secret": "policy",
      "sqs.Queue": "policy tagsAll",
      "sqs.QueuePolicy": "policy",
      "s3.Bucket": "policy acl",
      "s3.BucketPolicy": "policy",
      "kms.Key": "policy",
      "ec2.Instance": "iamInstanceProfile userData userDataBase64 vpcSecurityGroupIds securityGroups launchTemplate",
      "ec2.LaunchTemplate": "iamInstanceProfile userData networkInterfaces",
      "ec2.SecurityGroup": "ingress egress vpcId",
      "vpc.SecurityGroupIngressRule": "cidrIpv4 referencedSecurityGroupId toPort",
      "lambda.Function": "environment role vpcConfig layers code",
      "elasticache.User": "accessString noPasswordRequired",
    },
  } as const;
  const cases = Object.entries(wanted).flatMap(([target, children]) =>
    Object.entries(children).flatMap(([child, list]) => list.split(/\s+/).map((input) => [target, child, input] as const)),
  );

  test.each(cases)("on %s, %s takes no %s", (target, child, input) => {
    const over = input.split("/").reduceRight<unknown>((inner, word) => {
      const entry = /^\[(.*)\]$/.exec(word)?.[1];
      return entry ? [{ name: entry, ...(inner as object) }] : { [word.replaceAll("~", "/")]: inner };
    }, "x");
    const [path, ...more] = paths({ [target]: { [child]: over } });
    expect(more).toEqual([]);
    // What takes no override at all is named by what was set of it first.
    expect(`overrides.${target}.${child}.${input.replaceAll("/", ".").replaceAll("~", "/")}`.startsWith(path ?? "nothing")).toBe(true);
  });

  test("what changes nothing of a binding, an identity or a secret is taken of all kinds", () => {
    const pod = { priorityClassName: "high", tolerations: [], containers: [{ name: "it", imagePullPolicy: "Always", resources: {} }] };
    const kubernetes = {
      CronJob: { spec: { suspend: true, jobTemplate: { spec: { template: { spec: pod } } } } },
      NetworkPolicy: { metadata: { annotations: { team: "shop" } } },
      Gateway: { spec: { infrastructure: { annotations: { "service.beta.kubernetes.io/aws-load-balancer-type": "nlb" } } } },
    };
    const aws = {
      "iam.Role": { permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary", tags: { team: "shop" } },
      "ecs.TaskDefinition": { ephemeralStorage: { sizeInGib: 50 } },
      "lb.Listener": { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
      "kms.Key": { deletionWindowInDays: 30 },
    };
    expect(paths({ docker: { RemoteImage: { keepLocally: true }, Container: { cpuShares: 2, sysctls: {} } }, kubernetes, aws })).toEqual([]);
  });

  test("a list without names replaces what pods have, so it is refused; as is all that a map stood for", () => {
    expect(paths({ kubernetes: { Job: { spec: { template: { spec: { containers: [{ image: "x" }] } } } } } })).toContain(
      "overrides.kubernetes.Job.spec.template.spec.containers.[].env",
    );
    expect(paths({ kubernetes: { NetworkPolicy: { spec: null, metadata: {} } } })).toEqual(["overrides.kubernetes.NetworkPolicy.spec"]);
  });

  test("what takes away, or replaces, a map with such an input in it is one as well", () => {
    expect(paths({ kubernetes: { Deployment: { metadata: null } } })).toContain("overrides.kubernetes.Deployment.metadata.name");
    expect(paths({ kubernetes: { Deployment: { spec: pulumi.output({}) } } })).toContain("overrides.kubernetes.Deployment.spec.selector");
    expect(paths({ aws: { "sqs.Queue": { tags: null } } })).toEqual(["overrides.aws.sqs.Queue.tags.groundplan:*"]);
  });

  test("no value is told: it may be a secret", () => {
    expect(JSON.stringify(overridesCheck({ aws: { "rds.Instance": { password: "in the clear" } } }, "overrides"))).not.toContain("in the clear");
  });

  test("the stack file's join those of the topology, and say where they were written", () => {
    const yaml = { db: { overrides: { docker: { Container: { cpuShares: 2, name: "mine" } } } } };
    const spec = specs.PostgresDb("db", { overrides: { docker: { Container: { shmSize: 99 } } } }, settingsOf({ components: yaml }));
    expect(spec.problems).toMatchObject([{ path: "overrides.docker.Container.name", origin: "Pulumi.dev.yaml components.db.overrides" }]);
  });
});

test.each<["docker" | "kubernetes" | "aws", string, string, string | undefined]>([
  ["docker", "docker:index/container:Container", "db", "Container"],
  ["docker", "docker:index/container:Container", "db-databases", "Container/databases"],
  ["docker", "docker:index/container:Container", "db-2", "Container"],
  ["docker", "docker:index/container:Container", "db-2-prober", "Container/prober"],
  ["docker", "random:index/randomPassword:RandomPassword", "db-app-password", undefined],
  ["docker", "kubernetes:core/v1:Service", "db", undefined],
  ["kubernetes", "kubernetes:apps/v1:StatefulSet", "db", "StatefulSet"],
  ["kubernetes", "kubernetes:core/v1:PersistentVolumeClaim", "db-0-data", "PersistentVolumeClaim/data"],
  ["kubernetes", "kubernetes:networking.istio.io/v1:DestinationRule", "db-rule", "DestinationRule/rule"],
  ["aws", "aws:rds/instance:Instance", "db", "rds.Instance"],
  ["aws", "aws:ec2/securityGroup:SecurityGroup", "db-group", "ec2.SecurityGroup/group"],
])("on %s, %s named %s is the child %s", (target, type, name, key) => {
  expect(childOf(target, type, "db", name)).toBe(key);
});
