import { expect, test } from "vitest";
import { openValue } from "../../../src/core/problems.ts";
import { type Plan, shownPlan } from "../../../src/preview/plan.ts";

const env = [
  { name: "PGPASSWORD", value: "hunter2secret" },
  { name: "PGPASSWORD_FILE", value: "/run/secrets/pg" },
  { name: "PGUSER", value: "app" },
];

test.each<[unknown, unknown]>([
  [env, [{ name: "PGPASSWORD", value: "[hidden]" }, env[1], env[2]]],
  [
    ["--password", "hunter2secret", "--user", "app"],
    ["--password", "[hidden]", "--user", "app"],
  ],
  ["serve --api-key hunter2secret --port 80", "serve --api-key [hidden] --port 80"],
  ["PGPASSWORD='hunter2 secret' psql", "PGPASSWORD=[hidden] psql"],
  ["--requirepass=hunter2secret", "--requirepass=[hidden]"],
  ['PGPASSWORD="$(cat /run/pg)" serve --token-file /run/token', 'PGPASSWORD="$(cat /run/pg)" serve --token-file /run/token'],
  ["password_encryption=scram-sha-256", "password_encryption=scram-sha-256"],
])("of %j programs get %j", (value, shown) => {
  expect(openValue("overrides.kubernetes.Deployment", value)).toEqual(shown);
});

test("a plan that leaves the process has no value beside the name of a secret, also in the JSON of a task", () => {
  const resource = {
    inputs: { spec: { containers: [{ env, args: ["--token", "hunter2secret"] }] }, containerDefinitions: JSON.stringify([{ environment: env }]) },
    outputs: {},
    secretInputs: [],
    secretOutputs: [],
  };
  const plan = { resources: [resource], outputs: {}, credentials: [] } as unknown as Plan;
  const shown = JSON.stringify(shownPlan(plan));
  expect(shown).not.toContain("hunter2");
  for (const kept of ["/run/secrets/pg", "PGUSER", "--token"]) expect(shown).toContain(kept);
});
