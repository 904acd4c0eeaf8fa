import { expect, test } from "vitest";
import { inRange, progressLine } from "../../../src/cli/engines/pulumi.ts";

test.each([
  ["v3.230.0", true],
  ["3.260.1", true],
  ["v3.260.0-dev.1", true],
  ["v3.229.9", false],
  ["v4.0.0", false],
  ["", false],
])("Pulumi %s is in the range that was tried: %s", (version, expected) => expect(inRange(version)).toBe(expected));

test.each([
  [" +  kubernetes:apps/v1:Deployment api created (12s)", "  api  Deployment  created  12s"],
  [" +  kubernetes:batch/v1:Job bus-streams **creating failed** error: update failed", "  bus-streams  Job  creating failed"],
  [" ~  aws:rds/instance:Instance db updated (312s) [diff: ~x]", "  db  Instance  updated  312s"],
  [" +  kubernetes:core/v1:Secret api-env created (0.21s)", undefined],
  [" +  kubernetes:apps/v1:Deployment api creating (2s)", undefined],
  [" +  pulumi:pulumi:Stack shop-dev created (30s)", undefined],
  ["Resources:", undefined],
])("of the line %j progress shows %j", (line, shown) => expect(progressLine(line)).toBe(shown));
