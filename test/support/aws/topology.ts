import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plan, PlanResource } from "../../../src/preview/plan.ts";
import { type RecordResult, record } from "../../../src/preview/recorder.ts";
import { repository } from "../recorded.ts";

const source = (...path: string[]) => JSON.stringify(pathToFileURL(join(repository, ...path)).href);

const exampleAws = { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] };
/** A registry whose images need no way out. */
export const exampleRegistry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

export interface AwsDocument {
  readonly profile?: "dev" | "staging" | "prod";
  readonly aws?: object;
  readonly [setting: string]: unknown;
}

/** A topology on AWS, given as the body of its function, with files in its folder `policies`; the components, `http, tcp, exec, bind`, `platform` and `images` are in reach. */
export async function recordOnAws(
  body: string,
  { profile = "dev", aws = {}, ...settings }: AwsDocument = {},
  policies: Readonly<Record<string, string>> = {},
): Promise<RecordResult> {
  const root = mkdtempSync(join(tmpdir(), "groundplan-aws-"));
  try {
    mkdirSync(join(root, "stacks"));
    mkdirSync(join(root, "shop"));
    writeFileSync(join(root, "shop", "Dockerfile"), "FROM scratch\n");
    mkdirSync(join(root, "policies"));
    for (const [name, text] of Object.entries(policies)) writeFileSync(join(root, "policies", name), text);
    writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: stacks/main.js\n");
    writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    cpSync(join(repository, "stacks", "main.js"), join(root, "stacks", "main.js"));
    writeFileSync(
      join(root, "stacks", "index.ts"),
      `import { AppService, bind, exec, http, MessageQueue, NatsCluster, NatsTemporalBridge, ObservabilityStack, OpaServer, PostgresDb, RedisCache, runStack, ServiceMeshGateway, tcp, telemetryOf, TemporalServer } from ${source("src", "index.ts")};
void [AppService, bind, exec, http, MessageQueue, NatsCluster, NatsTemporalBridge, ObservabilityStack, OpaServer, PostgresDb, RedisCache, ServiceMeshGateway, tcp, telemetryOf, TemporalServer];
const topology = ({ platform, images }) => {\n${body}\nreturn {};\n};
export const run = () => runStack({ topologies: { starter: topology }, grounds: { aws: () => import(${source("src", "aws.ts")}) } });\n`,
    );
    const document = { topology: "starter", target: "aws", profile, aws: { ...exampleAws, ...aws }, ...settings };
    return await record({
      root,
      main: "stacks/main.js",
      project: "shop",
      stack: profile,
      config: { "groundplan:stack": JSON.stringify(document) },
      environment: { GROUNDPLAN_IMAGE_MIRROR: "", GROUNDPLAN_ISOLATION: "" },
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export async function planOnAws(body: string, document?: AwsDocument, policies?: Readonly<Record<string, string>>): Promise<Plan> {
  const result = await recordOnAws(body, document, policies);
  if (!("plan" in result)) throw new Error(JSON.stringify(result, null, 2));
  return result.plan;
}

/** Resources by the last word of their type. */
export const ofType = (plan: Plan, type: string): PlanResource[] => plan.resources.filter((resource) => resource.type.endsWith(`:${type}`));

export function resourceNamed(plan: Plan, type: string, name: string): PlanResource {
  const found = ofType(plan, type).find((resource) => resource.name === name);
  if (!found) throw new Error(`no ${type} ${name}, but ${ofType(plan, type).map((resource) => resource.name)}`);
  return found;
}
