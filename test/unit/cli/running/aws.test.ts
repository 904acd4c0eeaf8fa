import { expect, test } from "vitest";
import { awsExec, awsLogs, awsServices, byAws } from "../../../../src/cli/running/aws.ts";
import type { Plan } from "../../../../src/preview/plan.ts";

const tags = { "groundplan:component": "api" };
const service = (name: string) => ({
  type: "aws:ecs/service:Service",
  inputs: { name, cluster: "arn:aws:ecs:eu-central-1:1:cluster/shop-prod", enableExecuteCommand: false, tags },
});
const plan = {
  resources: [
    ...Array.from({ length: 11 }, (_, index) => service(`shop-prod-${index}`)),
    { type: "aws:cloudwatch/logGroup:LogGroup", inputs: { name: "/groundplan/shop-prod/api", tags } },
    { type: "aws:cloudwatch/logGroup:LogGroup", inputs: { name: "/groundplan/shop-prod/web", tags: { "groundplan:component": "web" } } },
  ],
} as unknown as Plan;
const where = { aws: { region: "eu-central-1", accountId: "1", zones: [] } };

test("services are asked for ten at a time, which is what one call takes", () => {
  const lines = awsServices(plan, where);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("--cluster shop-prod --services shop-prod-10 --region eu-central-1");
});

test("logs are those of the component alone, and a component without any says so", () => {
  expect(awsLogs(plan, "api", where, true)).toEqual(["aws logs tail /groundplan/shop-prod/api --follow --region eu-central-1"]);
  expect(awsLogs(plan, "db", where, false)).toEqual([expect.stringContaining("db has no log group")]);
});

test("the command for a shell keeps the words together, and says that it is off", () => {
  const lines = awsExec(plan, "api", ["echo", "it's"], where);
  expect(lines[0]).toMatch(/^# shop-prod-0 is made without it/);
  expect(lines[1]).toContain(`--container api --interactive --command 'echo it'\\''s'`);
  expect(byAws("exec", lines)).toMatchObject({ code: "GP510", exit: 2 });
});
