import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plan } from "../../../src/preview/plan.ts";
import { type RecordResult, record } from "../../../src/preview/recorder.ts";

const repository = resolve(import.meta.dirname, "..", "..", "..");

const head = `import * as pulumi from "@pulumi/pulumi";
import { Container } from "@pulumi/docker/container.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { quietly } from ${JSON.stringify(pathToFileURL(join(repository, "src", "core", "quietly.ts")).href)};
class Group extends pulumi.ComponentResource {
  constructor(name, outputs = {}) {
    super("test:index:Group", name);
    this.registerOutputs(outputs);
  }
}
void [Container, RandomPassword, Group, quietly];
`;

/** Records a small program, given as the body of its main function; `pulumi, Container, RandomPassword, Group, quietly` are in reach. */
async function recordProgram(body: string): Promise<RecordResult> {
  const root = mkdtempSync(join(tmpdir(), "groundplan-program-"));
  try {
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
    writeFileSync(join(root, "main.js"), `${head}export default async () => {\n${body}\n};\n`);
    return await record({ root, main: "main.js", project: "small", stack: "dev", config: {} });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export async function planOfProgram(body: string): Promise<Plan> {
  const result = await recordProgram(body);
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  return result.plan;
}

export async function failureOf(body: string): Promise<string> {
  const result = await recordProgram(body);
  if (!("failure" in result)) throw new Error(`it was recorded: ${Object.keys(result).join()}`);
  return result.failure;
}
