import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..", "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

test("the topology in the README is the one that runs", () => {
  const shown = /<!-- copy of stacks\/starter\.ts[^>]*-->\n```ts\n([\s\S]*?)```/.exec(read("README.md"))?.[1];
  expect(shown).toBe(read("stacks/starter.ts"));
});

test("the README's two commands come first, and package.json has what they run", () => {
  expect(read("README.md")).toMatch(/^# groundplan\n\n```sh\nnpm install && npm start\nnpm install && npm test\n```/);
  expect(JSON.parse(read("package.json")).scripts).toMatchObject({ start: "node bin/groundplan.js start", test: "vitest run" });
});
