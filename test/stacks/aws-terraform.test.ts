import { afterAll, describe, expect, test } from "vitest";
import { Terraform } from "../support/aws/terraform.ts";
import { receivers, watchedOnAws } from "../support/aws/watched.ts";
import { groundSettings, profiles, starterOn } from "../support/grounds.ts";
import { shippedPlan } from "../support/shipped.ts";

/** Every managed service with all that it offers. */
const everything = {
  aws: { ...groundSettings.aws.aws, backupRegion: "eu-west-1", alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"] },
  components: {
    db: {
      databases: { app: { grants: { reporting: "read" } } },
      settings: { work_mem: "64MB", jit: false },
      aws: { proxy: true, readReplicas: 2, insights: "advanced", iamAuthentication: true },
    },
    cache: { engine: "redis", aws: { nodes: 3 } },
    queue: {
      queues: { jobs: {}, orders: { fifo: true } },
      topics: { news: { subscribers: [{ queue: "jobs", filter: { kind: ["a"] } }] }, changes: { fifo: true, subscribers: ["orders"] } },
    },
  },
};

// Only on demand: where no mirror is configured (TF_CLI_CONFIG_FILE), Terraform downloads its provider, 150 MB.
const wanted = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("terraform");
const terraform = wanted ? Terraform.open() : "GROUNDPLAN_TEST_REQUIRE does not name it";
if (typeof terraform === "string" && wanted) throw new Error(`GROUNDPLAN_TEST_REQUIRE names terraform, and ${terraform}`);
if (typeof terraform === "string") console.warn(`terraform tier skipped: ${terraform}`);
afterAll(() => {
  if (typeof terraform !== "string") terraform.close();
});

describe.skipIf(typeof terraform === "string")("Terraform's provider for AWS takes", () => {
  const objections = async (...plan: Parameters<typeof starterOn>) => (terraform as Terraform).objections(await starterOn(...plan));

  test.each(profiles)("the starter with profile %s", async (profile) => expect(await objections("aws", profile)).toEqual([]), 180_000);

  test("all that managed services offer", async () => expect(await objections("aws", "prod", everything)).toEqual([]), 180_000);

  test("a watched topology with a workspace of Prometheus", async () => {
    const plan = await watchedOnAws("prod", { receivers, aws: { prometheus: true } });
    expect((terraform as Terraform).objections(plan)).toEqual([]);
  }, 180_000);

  test.each(["staging-aws", "prod-aws"] as const)(
    "GitGuard, %s",
    async (env) => {
      expect((terraform as Terraform).objections(await shippedPlan(env))).toEqual([]);
    },
    180_000,
  );

  test("not everything: an instance without a name that RDS takes", async () => {
    const plan = await starterOn("aws", "dev");
    const resources = plan.resources.map((resource) =>
      resource.type === "aws:rds/instance:Instance" ? { ...resource, inputs: { ...resource.inputs, identifier: "Not_A_Name" } } : resource,
    );
    expect((terraform as Terraform).objections({ ...plan, resources }).join("\n")).toContain("identifier");
  }, 180_000);
});
