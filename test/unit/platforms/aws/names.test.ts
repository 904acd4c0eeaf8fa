import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awsName, type NameKind, nameLimits } from "../../../../src/platforms/aws/names.ts";

const kinds = Object.keys(nameLimits) as NameKind[];
const component = fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/), { minLength: 1, maxLength: 2 }).map((words) => words.join("-"));
/** What Pulumi takes for a project, with an environment behind it. */
const prefix = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/);

describe("names on AWS", () => {
  test.each(kinds)("of kind %s keep its limit and its letters, whatever the project is called", (kind) => {
    const { limit, suffixRoom } = nameLimits[kind];
    fc.assert(
      fc.property(prefix, fc.option(component, { nil: "" }), (project, part) => {
        const name = awsName(project, part, nameLimits[kind]);
        expect(name.length).toBeLessThanOrEqual(limit - suffixRoom);
        // The strictest of all: RDS and ElastiCache.
        expect(name).toMatch(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/);
        expect(name).not.toMatch(/^(sg-|aws)/);
      }),
    );
  });

  test("differ where their parts differ, and are the same where they are the same", () => {
    fc.assert(
      fc.property(prefix, component, component, (project, a, b) => {
        for (const kind of kinds) {
          const same = awsName(project, a, nameLimits[kind]) === awsName(project, b, nameLimits[kind]);
          expect(same).toBe(a === b);
        }
      }),
    );
  });

  test.each([
    ["groundplan-dev", "db", "rds", "groundplan-dev-db"],
    ["groundplan-dev", "", "cluster", "groundplan-dev"],
    ["Shop.Web-dev", "db", "rds", "shop-web-dev-db-5f4b62ca"],
    ["sg-dev", "api", "securityGroup", "gp-sg-dev-api-e6b7e7d2"],
    ["groundplan-staging-two", "order-notifications", "targetGroup", "groundplan-stag-d07b4ec7"],
  ] as const)("%s and %s as %s", (project, part, kind, expected) => {
    const name = awsName(project, part, nameLimits[kind]);
    expect(name.replace(/-[0-9a-f]{8}$/, "-#")).toBe(expected.replace(/-[0-9a-f]{8}$/, "-#"));
  });
});
