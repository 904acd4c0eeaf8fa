import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { starterPicture } from "../../../docs/graph.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");

test("the picture of the starter is the one that its plan gives", async () => {
  expect(readFileSync(join(root, "docs", "starter.svg"), "utf8"), "out of date: npm run docs:graph").toBe(await starterPicture());
});
