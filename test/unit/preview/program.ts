import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

interface Around {
  /** Whether the program has a copy of the SDK that is not the one of the library. */
  readonly ownSdk?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Records a small program, given as the body of its main function; `pulumi, Container, RandomPassword, Group, quietly` are in reach. */
async function recordProgram(body: string, { ownSdk = false, environment = {} }: Around = {}): Promise<RecordResult> {
  const root = mkdtempSync(join(tmpdir(), "groundplan-program-"));
  try {
    if (ownSdk) copySdk(root);
    else symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
    writeFileSync(join(root, "main.js"), `${head}export default async () => {\n${body}\n};\n`);
    return await record({ root, main: "main.js", project: "small", stack: "dev", config: {}, environment });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** As an install makes it that finds no common version: packages of its own, whose own ones are those of the library. */
function copySdk(root: string): void {
  const [from, to] = [join(repository, "node_modules"), join(root, "node_modules")];
  mkdirSync(join(to, "@pulumi"), { recursive: true });
  for (const name of readdirSync(from)) if (!name.startsWith(".") && name !== "@pulumi") symlinkSync(join(from, name), join(to, name));
  for (const name of ["pulumi", "random", "docker"]) cpSync(join(from, "@pulumi", name), join(to, "@pulumi", name), { recursive: true });
}

export async function planOfProgram(body: string, around?: Around): Promise<Plan> {
  const result = await recordProgram(body, around);
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  return result.plan;
}

export async function failureOf(body: string, environment?: Around["environment"]): Promise<string> {
  const result = await recordProgram(body, environment ? { environment } : {});
  if (!("failure" in result)) throw new Error(`it was recorded: ${Object.keys(result).join()}`);
  return result.failure;
}
