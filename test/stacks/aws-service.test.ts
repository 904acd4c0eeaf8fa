import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { replaces } from "../../src/preview/replacement-aws.ts";
import { statementsOf } from "../support/aws/policies.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { tasksOf } from "../support/aws/tasks.ts";
import { exampleRegistry, ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";
import { portable } from "../support/recorded.ts";

const two = `
  const api = new AppService("api", {
    platform, image: "${exampleRegistry}/api:1.0.0", ports: { http: 8000, metrics: 9100 }, health: http("/health"), publish: ["http"],
    env: { LOG_LEVEL: "info" }, requestTimeoutSeconds: 600, stopSeconds: 1,
  });
  const web = new AppService("web", {
    platform, image: "${exampleRegistry}/web:1.0.0", tools: ["curl"], ports: { tcp: 7000 }, health: http("/"), architecture: "arm64",
    bindings: { API: api.connection }, autoscale: { min: 2, max: 6 }, stopSeconds: 60,
  });
  return { api: api.external };`;
const mirror = { mirror: `${exampleRegistry}/hub` };

describe("two services on AWS", () => {
  let plan: Plan;
  const container = (task: string, name: string) => {
    const found = tasksOf(plan)
      .find(({ resource }) => resource.name === task)
      ?.containers.find((c) => c.name === name);
    if (!found) throw new Error(`no container ${name} in ${task}`);
    return found;
  };
  beforeAll(async () => {
    plan = await planOnAws(two, mirror);
  });

  test("are services that roll back, found by their own names", () => {
    const { inputs, dependencies } = resourceNamed(plan, "Service", "api-service");
    expect(inputs).toMatchObject({
      name: "shop-dev-api",
      launchType: "FARGATE",
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: ["shop-dev-api-memory", "shop-dev-api-errors-http", "shop-dev-api-errors-metrics"], enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      availabilityZoneRebalancing: "ENABLED",
      enableExecuteCommand: false,
      propagateTags: "SERVICE",
      waitForSteadyState: true,
      networkConfiguration: { assignPublicIp: false },
    });
    const connect = inputs.serviceConnectConfiguration as { services: unknown[] };
    expect(connect.services).toEqual([
      {
        portName: "http",
        discoveryName: "shop-dev-api_http",
        clientAlias: [{ dnsName: "api", port: 8000 }],
        // What is idle for less than a request may take would cut the request.
        timeout: { idleTimeoutSeconds: 600, perRequestTimeoutSeconds: 600 },
      },
      {
        portName: "metrics",
        discoveryName: "shop-dev-api_metrics",
        clientAlias: [{ dnsName: "api", port: 9100 }],
        timeout: { idleTimeoutSeconds: 600, perRequestTimeoutSeconds: 600 },
      },
    ]);
    const alarms = (inputs.alarms as { alarmNames: string[] }).alarmNames;
    expect(ofType(plan, "MetricAlarm").map((alarm) => alarm.inputs.name)).toEqual(expect.arrayContaining(alarms));
    // A task that finds no rule, no role or no log group fails.
    for (const needed of ["SecurityGroupEgressRule", "RolePolicy", "RouteTableAssociation", "LogGroup"]) {
      expect(
        dependencies.some((urn) => urn.includes(needed)),
        needed,
      ).toBe(true);
    }
  });

  test("are taken back for their own failures, and not for those of another stack in this region", () => {
    const failing = resourceNamed(plan, "MetricAlarm", "api-errors-http-alarm").inputs;
    expect(failing).toMatchObject({ metricName: "HTTPCode_Target_5XX_Count", dimensions: { TargetDiscoveryName: "shop-dev-api_http" } });
  });

  test("start after what they are bound to", () => {
    const api = resourceNamed(plan, "Service", "api-service").urn;
    expect(resourceNamed(plan, "Service", "web-service").dependencies).toContain(api);
  });

  test("run as users without rights, asked for their health by what there is to ask with", () => {
    expect(container("api-task", "api")).toMatchObject({ user: "1000:1000", readonlyRootFilesystem: true, essential: true });
    expect(container("api-task", "api").healthCheck).toBeUndefined();
    expect(container("api-task", "api-prober")).toMatchObject({
      essential: true,
      image: `${exampleRegistry}/hub/library/alpine:3.22`,
      healthCheck: {
        command: ["CMD", "wget", "-q", "-O", "-", "http://127.0.0.1:8000/health"],
        interval: 5,
        timeout: 3,
        retries: 6,
        startPeriod: 30,
      },
    });
    expect(container("web-task", "web").healthCheck?.command).toEqual(["CMD", "curl", "-sS", "--fail-with-body", "http://127.0.0.1:7000/"]);
    expect(container("web-task", "web").stopTimeout).toBe(60);
    expect(container("api-task", "api").stopTimeout).toBe(2);
    expect(container("web-task", "web").linuxParameters.tmpfs.map(({ containerPath }) => containerPath)).toEqual(["/tmp"]);
  });

  test("are told plain text plainly, and everything else by a secret in the version of this deployment", () => {
    expect(container("api-task", "api").environment).toEqual([{ name: "LOG_LEVEL", value: "info" }]);
    const version = resourceNamed(plan, "SecretVersion", "web-secret-version");
    const [secret] = container("web-task", "web").secrets;
    expect(secret?.valueFrom).toBe(`${version.inputs.secretId}:API_URL::${version.outputs.versionId}`);
    // A name that is fixed is taken as long as a deleted secret can be recovered.
    expect(resourceNamed(plan, "Secret", "web-secret").inputs).toMatchObject({ namePrefix: "shop-dev/web-", recoveryWindowInDays: 0 });
    expect(JSON.parse(String(version.inputs.secretString))).toEqual({ API_URL: "http://api:8000" });
    expect(version.secretInputs).toContain("secretString");
  });

  test("run on the processors of their images", () => {
    const architecture = (task: string) => resourceNamed(plan, "TaskDefinition", task).inputs.runtimePlatform;
    expect(architecture("api-task")).toEqual({ cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" });
    expect(architecture("web-task")).toEqual({ cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" });
  });

  test("follow the load within their bounds, and the plan does not set them back", () => {
    expect(resourceNamed(plan, "Target", "web-scaling").inputs).toMatchObject({
      minCapacity: 2,
      maxCapacity: 6,
      resourceId: "service/shop-dev/shop-dev-web",
    });
    expect(resourceNamed(plan, "Target", "web-scaling").dependencies).toContain(resourceNamed(plan, "Service", "web-service").urn);
    expect(resourceNamed(plan, "Policy", "web-scaling-cpu").inputs.targetTrackingScalingPolicyConfiguration).toMatchObject({ targetValue: 70 });
    expect(resourceNamed(plan, "Service", "web-service").ignoreChanges).toEqual(["desiredCount"]);
    expect(resourceNamed(plan, "Service", "api-service").ignoreChanges).toEqual([]);
  });

  test("may do what they are bound to, and nothing else", () => {
    expect(ofType(plan, "RolePolicy").map(({ name }) => name)).not.toContain("web-task-policy");
    const execution = statementsOf(plan).filter(({ resource }) => resource.name === "web-execution-policy");
    expect(execution.map(({ statement }) => [statement.Sid, statement.Action])).toEqual([
      ["RegistryLogin", ["ecr:GetAuthorizationToken"]],
      ["PullImages", ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]],
      ["WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"]],
      ["ReadSecrets", ["secretsmanager:GetSecretValue"]],
      ["SecretsKeyBysecretsmanager", ["kms:Decrypt"]],
    ]);
  });

  test("with images in ECR nothing has a way to the internet, and no gateway stands there", () => {
    expect(ofType(plan, "NatGateway")).toEqual([]);
    expect(ofType(plan, "InternetGateway")).toEqual([]);
    expect(tracedRules(plan).filter(({ rule }) => rule.cidrIpv4 !== undefined)).toEqual([]);
    const endpoints = ofType(plan, "VpcEndpoint").map(({ inputs }) => inputs.serviceName);
    expect(endpoints.toSorted()).toEqual(["ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager"].map((s) => `com.amazonaws.eu-central-1.${s}`));
  });

  test("the check may ask the ports of its service, and is not run", () => {
    const names = tracedRules(plan).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["api-check-to-api-8000-in", "api-check-to-api-8000-out", "web-to-api-8000-in", "web-to-api-8000-out"]),
    );
    expect(names).not.toContain("web-to-api-9100-in");
    expect(ofType(plan, "Invocation")).toEqual([]);
  });
});

const securityRelevant = [
  "DefaultSecurityGroup",
  "FlowLog",
  "Key",
  "Role",
  "RolePolicy",
  "Secret",
  "SecurityGroup",
  "SecurityGroupEgressRule",
  "SecurityGroupIngressRule",
  "Service",
  "TaskDefinition",
  "VpcEndpoint",
  "aws",
];

/** JSON inside strings, so that a reviewer can read it. */
const opened = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return typeof value === "string" && /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
  if (Array.isArray(value)) return value.map(opened);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
};

test("every input that guards something is as it was", async () => {
  const plan = portable(await planOnAws(two, { ...mirror, profile: "prod" }));
  const inputs = plan.resources
    .filter(({ type }) => securityRelevant.includes(type.split(":").at(-1) ?? ""))
    .map((resource) => [`${resource.type} ${resource.name}${resource.protect ? " (protected)" : ""}`, opened(resource.inputs)]);
  await expect(stringify(Object.fromEntries(inputs))).toMatchFileSnapshot("aws-two-services.guards.yaml");
});

describe("an environment on AWS", () => {
  const one = (more = "") =>
    `new AppService("api", { platform, image: "${exampleRegistry}/api:1.0.0", tools: ["wget"], ports: { http: 80 }, health: http("/") ${more} });`;

  test("in a network that is there makes none, and changes nothing in it", async () => {
    const ids = (...letters: string[]) => letters.map((letter) => `subnet-0000000${letter}`);
    const vpc = { id: "vpc-00000000", public: ids("1", "2", "3"), private: ids("4", "5", "6"), data: ids("7", "8", "9") };
    const plan = await planOnAws(one(), { ...mirror, aws: { vpc } });
    for (const type of ["Vpc", "Subnet", "RouteTable", "NatGateway", "VpcEndpoint", "DefaultSecurityGroup", "FlowLog"])
      expect(ofType(plan, type), type).toEqual([]);
    const { subnets } = resourceNamed(plan, "Service", "api-service").inputs.networkConfiguration as { subnets: string[] };
    expect(subnets).toEqual(ids("4", "5"));
    expect(ofType(plan, "SecurityGroup").every(({ inputs }) => inputs.vpcId === "vpc-00000000")).toBe(true);
  });

  test("builds an image into a repository whose tags never move, and deploys what the registry calls it", async () => {
    const plan = await planOnAws(one(`, image: { build: { context: "shop" } }, architecture: "arm64"`), mirror);
    expect(resourceNamed(plan, "Repository", "api-images").inputs).toMatchObject({
      name: "shop-dev-api",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: expect.stringContaining(":key/") }],
    });
    const { rules } = JSON.parse(String(resourceNamed(plan, "LifecyclePolicy", "api-images-lifecycle").inputs.policy)) as { rules: unknown[] };
    expect(rules).toHaveLength(2);
    const image = resourceNamed(plan, "Image", "image-api");
    expect(image.inputs).toMatchObject({
      imageName: expect.stringMatching(/^123456789012\.dkr\.ecr\.\S+\/shop-dev-api:[0-9a-f]{12}$/),
      build: { platform: "linux/arm64" },
    });
    const [api] = tasksOf(plan).find(({ resource }) => resource.name === "api-task")?.containers ?? [];
    expect(api?.image).toMatch(/^123456789012\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/shop-dev-api@sha256:[0-9a-f]{64}$/);
  });

  test("talks to an emulator only in the account that it is for, and soon gives up", async () => {
    const url = "http://127.0.0.1:5005";
    const plan = await planOnAws(one(), { ...mirror, aws: { endpoints: { sts: url, ecs: url } } });
    const { inputs } = resourceNamed(plan, "aws", "aws-provider");
    expect(inputs).toMatchObject({ region: "eu-central-1", s3UsePathStyle: "true", skipCredentialsValidation: "true", maxRetries: "2" });
    // Real keys would open AWS itself where an endpoint is missing, and the emulator would say that the account is right.
    expect(inputs).toMatchObject({ accessKey: "123456789012", secretKey: "emulator" });
    expect(JSON.parse(String(inputs.allowedAccountIds))).toEqual(["123456789012"]);
    expect(JSON.parse(String(inputs.endpoints))).toEqual([{ sts: url, ecs: url }]);
  });

  test("lets a service that is not root listen on a low port, in every container of its task", async () => {
    const plan = await planOnAws(one(`, image: "${exampleRegistry}/api:1.0.0", tools: []`), mirror);
    const controls = (task: string) =>
      tasksOf(plan)
        .find(({ resource }) => resource.name === task)
        ?.containers.map((c) => c.systemControls);
    const low = [{ namespace: "net.ipv4.ip_unprivileged_port_start", value: "0" }];
    expect(controls("api-task")).toEqual([low, low]);
    expect(controls("api-check-task")?.flat()).toEqual([]);
  });

  test("keeps names apart that only differ in where a component's ends", async () => {
    const service = (name: string, ports: string) =>
      `new AppService("${name}", { platform, image: "${exampleRegistry}/x:1.0.0", tools: ["wget"], ports: ${ports}, health: http("/") });`;
    const plan = await planOnAws(`${service("web", '{ "http-admin": 8000 }')} ${service("web-http", "{ admin: 8000 }")}`, mirror);
    const urns = plan.resources.map(({ urn }) => urn);
    expect(urns.filter((urn, index) => urns.indexOf(urn) !== index)).toEqual([]);
    const names = ofType(plan, "Service").flatMap(({ inputs }) =>
      ((inputs.serviceConnectConfiguration as { services: { discoveryName: string }[] } | undefined)?.services ?? []).map((s) => s.discoveryName),
    );
    expect(names.toSorted()).toEqual(["shop-dev-web-http_admin", "shop-dev-web_http-admin"]);
  });

  test("tells everything that is wrong at once, before anything is made", async () => {
    const body = `${one(`, image: "ghcr.io/acme/api:1.0", stopSeconds: 300, volumes: { data: { path: "/data" } }`)}`;
    const result = await recordOnAws(body, { profile: "prod", aws: { zones: ["eu-central-1a", "eu-west-1b"], nat: "none", cidr: "10.20.1.0/16" } });
    if (!("problems" in result)) throw new Error(JSON.stringify(result));
    expect(result.problems.map(({ component, path }) => `${component}.${path}`).toSorted()).toEqual([
      "api.image",
      "api.image",
      "api.replicas",
      "api.stopSeconds",
      "stack.aws.cidr",
      "stack.aws.zones",
      "stack.aws.zones[1]",
    ]);
  });

  test("keeps keys that open kept data, and lets those of dev go", async () => {
    const protectedIn = async (profile: "dev" | "prod") =>
      ofType(await planOnAws(one(), { ...mirror, profile, aws: {} }), "Key").map(({ protect, inputs }) => [
        protect,
        inputs.deletionWindowInDays,
        inputs.enableKeyRotation,
      ]);
    expect(await protectedIn("dev")).toContainEqual([false, 7, true]);
    expect(await protectedIn("prod")).toContainEqual([true, 30, true]);
  });
});

describe("a job on AWS", () => {
  test("is a gate: what waits for the database waits for the run of its task, which is repeated when the task changes", async () => {
    const plan = await planOnAws(`
      const db = new PostgresDb("db", { platform, databases: { app: {} } });
      new AppService("api", { platform, image: "${exampleRegistry}/api:1.0.0", tools: ["wget"], ports: { http: 80 }, health: http("/"), bindings: { DATABASE: db.databases.app } });`);
    const run = resourceNamed(plan, "Invocation", "db-databases-run");
    expect(resourceNamed(plan, "Service", "api-service").dependencies).toContain(run.urn);
    expect(run.dependencies).toContain(resourceNamed(plan, "Instance", "db").urn);
    expect(run.inputs.lifecycleScope).toBe("CREATE_ONLY");
    const event = JSON.parse(String(run.inputs.input)) as Record<string, unknown>;
    const task = resourceNamed(plan, "TaskDefinition", "db-databases-task");
    expect(event).toMatchObject({ taskDefinition: task.outputs.arn, container: "db-databases", logGroup: "/groundplan/shop-dev/db-databases" });
    expect(run.secretInputs).toEqual([]);
    const code = resourceNamed(plan, "Function", "db-databases-runner");
    expect(code.inputs).toMatchObject({ runtime: "nodejs24.x", handler: "index.handler", timeout: 900, loggingConfig: { logFormat: "JSON" } });
    expect(JSON.stringify(code.inputs.code)).toContain("ended with exit code");
    const allowed = statementsOf(plan).filter(({ resource }) => resource.name === "db-databases-runner-policy");
    expect(allowed.map(({ statement }) => [statement.Sid, statement.Condition ? Object.keys(statement.Condition) : []])).toEqual([
      ["StartTask", ["ArnEquals"]],
      ["FollowTask", ["ArnEquals"]],
      ["TagTask", ["StringEquals"]],
      ["GiveTaskItsRoles", ["StringEquals"]],
      ["ReadLogOfTask", []],
      ["WriteLog", []],
    ]);
    expect(componentsOf(plan).map(({ name }) => name)).toEqual(expect.arrayContaining(["api", "db"]));
  });

  test("is another task when a database joins: its definition names the version of the secret in which its steps are", async () => {
    const planned = async (databases: string) => {
      const plan = await planOnAws(`new PostgresDb("db", { platform, databases: ${databases} });`);
      const version = resourceNamed(plan, "SecretVersion", "db-databases-secret-version");
      const [writer] = tasksOf(plan).find(({ resource }) => resource.name === "db-databases-task")?.containers ?? [];
      return { steps: String(version.inputs.secretString), id: String(version.outputs.versionId), from: writer?.secrets[0]?.valueFrom };
    };
    const [one, again, two] = [await planned("{ app: {} }"), await planned("{ app: {} }"), await planned("{ app: {}, reports: {} }")];
    expect(again).toEqual(one);
    expect(one.from).toBe(`${one.from?.split(":").slice(0, 8).join(":")}::${one.id}`);
    expect(one.steps).not.toContain("reports");
    expect(two.steps).toContain("reports");
    // Changed text is another version, and the call of the runner that names the new definition is made again.
    expect(replaces("aws:secretsmanager/secretVersion:SecretVersion", "secretString")).toBe(true);
    expect(replaces("aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions")).toBe(true);
    expect(replaces("aws:lambda/invocation:Invocation", "input")).toBe(true);
  });
});
