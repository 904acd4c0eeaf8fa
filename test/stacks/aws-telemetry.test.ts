import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { planOnAws } from "../support/aws/topology.ts";
import { watchedTopology } from "../support/aws/watched.ts";
import { writeFileSync } from "node:fs";
test("x", async () => {
  const plan = await planOnAws(watchedTopology, {profile: "prod", images: { api: "registry.example/shop/api:1.0.0" }, components: { telemetry: { aws: { prometheus: true } } } });
  writeFileSync("/tmp/tele-plan.json", JSON.stringify(plan, null, 1));
});
