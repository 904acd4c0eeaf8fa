import { expect, test } from "vitest";
import { inRange } from "../../../src/cli/engines/pulumi.ts";

test.each([
  ["v3.230.0", true],
  ["3.260.1", true],
  ["v3.260.0-dev.1", true],
  ["v3.229.9", false],
  ["v4.0.0", false],
  ["", false],
])("Pulumi %s is in the range that was tried: %s", (version, expected) => expect(inRange(version)).toBe(expected));
