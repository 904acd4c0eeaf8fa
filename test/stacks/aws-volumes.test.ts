import { beforeAll, describe, expect, test } from "vitest";
import { checkoutScript } from "../../src/core/checkout.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { askedFigures, danglingFigures } from "../support/aws/metrics.ts";
import { statementsOf } from "../support/aws/policies.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { tasksOf } from "../support/aws/tasks.ts";
import { exampleRegistry, ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";

const service = (name: string, args: string) =>
  `new AppService("${name}", { platform, image: "${exampleRegistry}/${name}:1.0.0", ports: { http: 8000 }, health: http("/"), ${args} });`;
const mirror = `${exampleRegistry}/hub`;
const volumes = "replicas: 1, volumes: { spool: { path: '/spool' }, notes: { path: '/notes' } }";

describe("volumes on AWS", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOnAws(service("docs", `${volumes}, user: "1100:1200"`) + service("api", ""), { profile: "prod", mirror });
  });
  const outputs = (type: string, name: string) => resourceNamed(plan, type, name).outputs;
  const statements = (name: string) => statementsOf(plan).flatMap(({ resource, statement }) => (resource.name === name ? [statement] : []));

  test("lie on one file system of their component, encrypted, kept, and marked as data", () => {
    expect(ofType(plan, "FileSystem")).toHaveLength(1);
    const system = resourceNamed(plan, "FileSystem", "docs-volumes");
    expect(system.inputs).toEqual({
      encrypted: true,
      kmsKeyId: outputs("Key", "data-key").arn,
      performanceMode: "generalPurpose",
      throughputMode: "elastic",
      lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
      tags: {
        Name: "shop-prod-docs-volumes",
        "groundplan:stack": "shop-prod",
        "groundplan:environment": "prod",
        "groundplan:component": "docs",
        "groundplan:role": "data",
        "groundplan:backup": "shop-prod",
      },
    });
    expect([system.protect, system.retainOnDelete]).toEqual([true, true]);
  });

  test("are reached in every zone, from the tier of stores, by the one task that mounts them", () => {
    const group = outputs("SecurityGroup", "docs-volumes-group").id;
    const data = ofType(plan, "Subnet").filter(({ name }) => name.startsWith("data-"));
    const targets = ofType(plan, "MountTarget");
    expect(targets.map(({ inputs }) => inputs.subnetId)).toEqual(data.map(({ id }) => id));
    for (const { inputs } of targets) expect(inputs.securityGroups).toEqual([group]);
    const rules = tracedRules(plan).filter(({ rule }) => rule.fromPort === 2049);
    expect(rules.map(({ name, reason, rule }) => [name, reason, rule.toPort])).toEqual([
      ["docs-to-docs-volumes-2049-out", "within the component", 2049],
      ["docs-to-docs-volumes-2049-in", "within the component", 2049],
    ]);
    const own = tracedRules(plan).filter(({ rule }) => rule.securityGroupId === group);
    expect(own.map(({ name }) => name)).toEqual(["docs-to-docs-volumes-2049-in"]);
  });

  test("are folders of their own, which belong to the user of the service", () => {
    expect(ofType(plan, "AccessPoint").map(({ inputs }) => [inputs.posixUser, inputs.rootDirectory])).toEqual(
      ["/docs-notes", "/docs-spool"].map((path) => [
        { uid: 1100, gid: 1200 },
        { path, creationInfo: { ownerUid: 1100, ownerGid: 1200, permissions: "0750" } },
      ]),
    );
  });

  test("are mounted by TLS, with the role of the task, through their access points alone", () => {
    const system = resourceNamed(plan, "FileSystem", "docs-volumes");
    const points = ["spool", "notes"].map((volume) => outputs("AccessPoint", `docs-${volume}-volume`));
    expect(resourceNamed(plan, "TaskDefinition", "docs-task").inputs.volumes).toEqual(
      ["volume-spool", "volume-notes"].map((name, index) => ({
        name,
        efsVolumeConfiguration: {
          fileSystemId: system.id,
          transitEncryption: "ENABLED",
          authorizationConfig: { accessPointId: points[index]?.id, iam: "ENABLED" },
        },
      })),
    );
    const [docs] = tasksOf(plan).flatMap(({ containers }) => containers.filter(({ name }) => name === "docs"));
    expect(docs?.mountPoints).toEqual([
      { sourceVolume: "volume-spool", containerPath: "/spool", readOnly: false },
      { sourceVolume: "volume-notes", containerPath: "/notes", readOnly: false },
    ]);
    expect(statements("docs-task-policy")).toEqual([
      {
        Sid: "MountVolumes",
        Effect: "Allow",
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: [system.outputs.arn],
        Condition: { StringEquals: { "elasticfilesystem:AccessPointArn": points.map(({ arn }) => arn) } },
      },
    ]);
    const denied = { Effect: "Deny", Principal: { AWS: "*" }, Resource: [system.outputs.arn] };
    const client = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"];
    // Whom a policy with denials alone does not name is let in by nothing but permissions of its own.
    expect(statements("docs-volumes-policy")).toEqual([
      { ...denied, Sid: "DenyPlainText", Action: client, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { ...denied, Sid: "DenyPastAccessPoints", Action: client, Condition: { Null: { "elasticfilesystem:AccessPointArn": "true" } } },
      { ...denied, Sid: "DenyRoot", Action: ["elasticfilesystem:ClientRootAccess"] },
    ]);
  });

  test("have one task at a time, which starts when they can be mounted; other services overlap", () => {
    const deployment = (name: string) => {
      const { inputs } = resourceNamed(plan, "Service", `${name}-service`);
      return [inputs.deploymentMinimumHealthyPercent, inputs.deploymentMaximumPercent, inputs.availabilityZoneRebalancing, inputs.desiredCount];
    };
    expect(deployment("docs")).toEqual([0, 100, "DISABLED", 1]);
    expect(deployment("api")).toEqual([100, 200, "ENABLED", 3]);
    const needed = [...ofType(plan, "MountTarget"), ...ofType(plan, "AccessPoint"), ...ofType(plan, "FileSystemPolicy")].map(({ urn }) => urn);
    expect(resourceNamed(plan, "Service", "docs-service").dependencies).toEqual(expect.arrayContaining(needed));
    expect(statements("api-task-policy")).toEqual([]);
  });

  test("ring when they become slow, each alarm on the one file system", () => {
    const own = { FileSystemId: resourceNamed(plan, "FileSystem", "docs-volumes").id };
    const figure = (metric: string, stat: string) => ({ dimensions: own, namespace: "AWS/EFS", metricName: metric, period: 60, stat });
    expect(resourceNamed(plan, "MetricAlarm", "docs-volumes-io-alarm").inputs).toMatchObject({
      namespace: "AWS/EFS",
      metricName: "PercentIOLimit",
      dimensions: own,
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 90,
    });
    expect(resourceNamed(plan, "MetricAlarm", "docs-volumes-throughput-alarm").inputs).toMatchObject({
      threshold: 90,
      metricQueries: [
        { id: "result", expression: "100 * metered / PERIOD(metered) / permitted", returnData: true },
        { id: "metered", metric: figure("MeteredIOBytes", "Sum"), returnData: false },
        { id: "permitted", metric: figure("PermittedThroughput", "Average"), returnData: false },
      ],
    });
    expect(askedFigures(plan).filter(({ namespace }) => namespace === "AWS/EFS")).toHaveLength(3);
    expect(danglingFigures(plan)).toEqual([]);
    expect(ofType(plan, "MetricAlarm").filter(({ name }) => name.startsWith("api-volumes"))).toEqual([]);
  });

  test("what they are slower at is told, and several replicas are refused", async () => {
    expect(plan.warnings.filter((text) => text.includes("volumes"))).toEqual([expect.stringMatching(/^docs: volumes: aws gives .*EFS/)]);
    const result = await recordOnAws(
      service("docs", "volumes: { spool: { path: '/spool' } }") +
        service("wiki", "volumes: { spool: { path: '/spool' } }, autoscale: { min: 1, max: 3 }"),
      { profile: "prod", mirror },
    );
    if (!("problems" in result)) throw new Error("not refused");
    expect(result.problems.map(({ component, path, value }) => [component, path, value])).toEqual([
      ["docs", "replicas", 3],
      ["wiki", "autoscale.max", 3],
    ]);
  });
});

test("a file system of dev is as fast as its files are large, and costs nothing more", async () => {
  expect(resourceNamed(await planOnAws(service("docs", volumes), { mirror }), "FileSystem", "docs-volumes").inputs.throughputMode).toBe("bursting");
});

test("a file system of dev goes with its component", async () => {
  const plan = await planOnAws(service("docs", volumes), { mirror });
  const { protect, retainOnDelete } = resourceNamed(plan, "FileSystem", "docs-volumes");
  expect([protect, Boolean(retainOnDelete)]).toEqual([false, false]);
});

describe("copies of repositories on AWS", () => {
  const two = (more = "") =>
    service(
      "docs",
      `checkouts: {
        pages: { url: "https://github.com/acme/docs.git", ref: "main", path: "/pages" },
        private: { url: "https://git.example/acme/more.git", ref: "v1", path: "/more", token: "t0ken-of-nobody", username: "oauth2"${more} },
      }`,
    );
  let plan: Plan;
  const task = (of: Plan) => {
    const found = tasksOf(of).find(({ resource }) => resource.name === "docs-task");
    if (!found) throw new Error("no task");
    return found;
  };
  beforeAll(async () => {
    plan = await planOnAws(two(), { mirror });
  });

  test("are fetched by steps that end well before the service starts, which may only read them", () => {
    const { resource, containers } = task(plan);
    const [pages, more, docs] = containers;
    expect(containers.map(({ name }) => name)).toEqual(["docs-checkout-pages", "docs-checkout-private", "docs", "docs-prober"]);
    expect(pages).toEqual({
      name: "docs-checkout-pages",
      image: `${mirror}/alpine/git:v2.54.0`,
      essential: false,
      entryPoint: ["sh", "-c"],
      command: [checkoutScript],
      cpu: 0,
      user: "0:0",
      readonlyRootFilesystem: true,
      environment: [
        { name: "FOLDER", value: "/pages" },
        { name: "HOME", value: "/tmp" },
        { name: "REF", value: "main" },
        { name: "URL", value: "https://github.com/acme/docs.git" },
      ],
      secrets: [],
      portMappings: [],
      dependsOn: [],
      mountPoints: [{ sourceVolume: "checkout-pages", containerPath: "/pages", readOnly: false }],
      linuxParameters: {
        initProcessEnabled: true,
        capabilities: { add: [], drop: ["ALL"] },
        tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["rw", "noexec", "nosuid", "nodev"] }],
      },
      ulimits: [{ name: "nofile", softLimit: 65_535, hardLimit: 65_535 }],
      volumesFrom: [],
      systemControls: [],
      logConfiguration: expect.objectContaining({ options: expect.objectContaining({ "awslogs-stream-prefix": "checkout-pages" }) }),
    });
    expect(more?.environment).toContainEqual({ name: "USERNAME", value: "oauth2" });
    expect(docs?.dependsOn).toEqual([
      { containerName: "docs-checkout-pages", condition: "SUCCESS" },
      { containerName: "docs-checkout-private", condition: "SUCCESS" },
    ]);
    expect(docs?.mountPoints).toEqual([
      { sourceVolume: "checkout-pages", containerPath: "/pages", readOnly: true },
      { sourceVolume: "checkout-private", containerPath: "/more", readOnly: true },
    ]);
    expect(resource.inputs.volumes).toEqual([{ name: "checkout-pages" }, { name: "checkout-private" }]);
    expect(resource.inputs).not.toHaveProperty("ephemeralStorage");
  });

  test("a token is in the secret of the task, which gives it to the step of its repository alone", () => {
    const { containers } = task(plan);
    const version = resourceNamed(plan, "SecretVersion", "docs-secret-version");
    expect(JSON.parse(String(version.inputs.secretString))).toEqual({ GROUNDPLAN_CHECKOUT_PRIVATE: "t0ken-of-nobody" });
    expect(version.secretInputs).toContain("secretString");
    expect(containers.map(({ name, secrets }) => [name, secrets])).toEqual([
      ["docs-checkout-pages", []],
      [
        "docs-checkout-private",
        [{ name: "TOKEN", valueFrom: `${String(version.inputs.secretId)}:GROUNDPLAN_CHECKOUT_PRIVATE::${String(version.outputs.versionId)}` }],
      ],
      ["docs", []],
      ["docs-prober", []],
    ]);
    const open = plan.resources.filter(({ inputs, secretInputs }) => secretInputs.length === 0 && JSON.stringify(inputs).includes("t0ken-of-nobody"));
    expect(open).toEqual([]);
  });

  test("the way to their hosts is declared egress, and their image one that the task may pull", () => {
    const out = tracedRules(plan).filter(({ name }) => name.startsWith("docs-to-internet"));
    expect(out).toEqual([expect.objectContaining({ reason: "declared egress", rule: expect.objectContaining({ fromPort: 443, toPort: 443 }) })]);
    const pull = statementsOf(plan).find(({ resource, statement }) => resource.name === "docs-execution-policy" && statement.Sid === "PullImages");
    expect(pull?.statement.Resource).toContain("arn:aws:ecr:eu-central-1:123456789012:repository/hub/alpine/git");
    expect(plan.warnings.some((text) => text.includes("(checkouts): aws gives"))).toBe(true);
  });

  test("large ones get a larger disk, and more than a task can have is refused", async () => {
    expect(task(await planOnAws(two(", sizeMiB: 8192"), { mirror })).resource.inputs.ephemeralStorage).toEqual({ sizeInGib: 29 });
    const huge = (name: string) => `${name}: { url: "https://git.example/acme/${name}.git", ref: "main", path: "/${name}", sizeMiB: 102400 }`;
    const result = await recordOnAws(service("docs", `checkouts: { ${huge("one")}, ${huge("two")} }`), { mirror, aws: { nat: "none" } });
    if (!("problems" in result)) throw new Error("not refused");
    // Without a way out nothing could be fetched either.
    expect(result.problems.map(({ path, value }) => [path, value])).toEqual([
      ["checkouts", 204_800],
      ["egress", ["git.example:443"]],
    ]);
  });
});
