import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repository } from "../support/recorded.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "groundplan-types-"));
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A program of somebody else, with lines that a compiler must refuse, against the sources: declarations name fewer modules. */
const program = `
import { PostgresDb, type Topology } from ${JSON.stringify(join(repository, "src", "index.ts"))};
export const ground = () => import(${JSON.stringify(join(repository, "src", "docker.ts"))});
export const topology: Topology = ({ platform }) => {
  new PostgresDb("db", { platform, overrides: { docker: { Container: { shmSize: 99 }, "Container/databases": { cpuShares: 2 } } } });
  // @ts-expect-error an input that no container has
  new PostgresDb("db", { platform, overrides: { docker: { Container: { shmSizes: 99 } } } });
  // @ts-expect-error a kind that there is not
  new PostgresDb("db", { platform, overrides: { docker: { Box: {} } } });
  // Children of another target are not known here, and allowed.
  new PostgresDb("db", { platform, overrides: { aws: { "rds.Instance": { anything: 1 } } } });
  return {};
};
`;

test("who uses Docker alone reads the types of no other target, and those of its children are known", { timeout: 180_000 }, async () => {
  writeFileSync(join(root, "index.mts"), program);
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ extends: join(repository, "tsconfig.json"), include: ["index.mts"] }));
  const { stdout } = await execa("node_modules/.bin/tsc", ["--listFiles"], { cwd: root, reject: false });
  expect(stdout.split("\n").filter((line) => /error TS/.test(line))).toEqual([]);
  const sdks = [...stdout.matchAll(/node_modules\/(@pulumi\/[a-z]+)\//g)].map(([, sdk]) => sdk);
  expect([...new Set(sdks)].toSorted()).toEqual(["@pulumi/docker", "@pulumi/pulumi", "@pulumi/random"]);
});
