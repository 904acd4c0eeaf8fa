import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PlanResource } from "../../../src/preview/plan.ts";
import { replacementSource, replaces, replacingChanges, replacingInputs } from "../../../src/preview/replacement-aws.ts";

const repository = join(import.meta.dirname, "..", "..", "..");
const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** Types of the SDK that the library imports as values: `aws:ec2/vpc:Vpc`. */
function typesInUse(): string[] {
  const files = globSync(["src/platforms/aws/**/*.ts", "components/*/aws/**/*.ts"], { cwd: repository });
  const imports = files.flatMap((file) => [
    ...readFileSync(join(repository, file), "utf8").matchAll(/^import \{([^}]*)\} from "@pulumi\/aws\/(\w+\/\w+)\.js"/gm),
  ]);
  const types = imports.flatMap(([, names = "", path = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => `aws:${path}:${name.split(" as ")[0]}`),
  );
  return [...new Set(types)].toSorted();
}

describe("what replaces a resource", () => {
  test("is written down for every type that is made, and for no other", () => {
    expect(Object.keys(replacingInputs).toSorted()).toEqual(typesInUse());
  });

  test.each(Object.entries(replacingInputs))("the inputs of %s exist", (type, inputs) => {
    const [, path = "", name = ""] = /^aws:(\w+\/\w+):(\w+)$/.exec(type) ?? [];
    const file = join(sdk, `${path}.d.ts`);
    expect(existsSync(file), file).toBe(true);
    const text = readFileSync(file, "utf8");
    const args = text.slice(text.indexOf(`export interface ${name}Args`));
    for (const input of inputs) expect(args, input).toMatch(new RegExp(`^\\s+${input}\\??:`, "m"));
  });

  test("says with which version it was compared: a new SDK asks for a look", () => {
    expect(JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"))).toMatchObject({
      name: replacementSource.provider,
      version: replacementSource.version,
    });
    expect(replacementSource.month).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  });

  test("a region is never changed in place", () => {
    expect(replaces("aws:sqs/queue:Queue", "region")).toBe(true);
    expect(replaces("aws:sqs/queue:Queue", "fifoQueue")).toBe(true);
    expect(replaces("aws:sqs/queue:Queue", "visibilityTimeoutSeconds")).toBe(false);
  });

  test("is told of two plans: what differs, replaces, and is not ignored", () => {
    const group = (inputs: object, more: Partial<PlanResource> = {}) =>
      ({ type: "aws:ec2/securityGroup:SecurityGroup", inputs, ignoreChanges: [], replaceOnChanges: [], ...more }) as unknown as PlanResource;
    const before = group({ description: "api", vpcId: "vpc-1", tags: { Name: "api" } });
    expect(replacingChanges(before, group({ description: "api", vpcId: "vpc-1", tags: { Name: "web" } }))).toEqual([]);
    expect(replacingChanges(before, group({ vpcId: "vpc-2", description: "web", region: "eu-west-1" }))).toEqual(["description", "region", "vpcId"]);
    expect(replacingChanges(before, group({ vpcId: "vpc-2" }, { ignoreChanges: ["vpcId"] }))).toEqual(["description"]);
    expect(replacingChanges(before, group({ description: "api", vpcId: "vpc-1", tags: {} }, { replaceOnChanges: ["tags"] }))).toEqual(["tags"]);
  });
});
