import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const repository = join(import.meta.dirname, "..", "..");

interface Breach {
  readonly rule: string;
  readonly from: string;
}

/** The breaches that the repository's own rules find in a tree. */
async function breachesIn(root: string): Promise<{ breaches: Breach[]; modules: string[] }> {
  const options = await extractOptions(join(repository, ".dependency-cruiser.js"));
  const { output } = await cruise(["."], { ...options, baseDir: root }, {}, { tsConfig: extractTsConfig(join(repository, "tsconfig.json")) });
  const { modules, summary } = output as ICruiseResult;
  return { breaches: summary.violations.map(({ rule, from }) => ({ rule: rule.name, from })), modules: modules.map(({ source }) => source) };
}

/** A file, its text, and a rule for each import that breaks one. */
type Case = readonly [file: string, code: string, ...rules: string[]];

const from = (...modules: readonly string[]) => modules.map((module) => `import "${module}";`).join("\n");

const cases: readonly Case[] = [
  // core
  ["src/core/good.ts", from("@pulumi/pulumi", "node:fs", "./naming.ts", "@pulumi/pulumi/index.js")],
  ["src/core/credentials.ts", from("@pulumi/pulumi", "@pulumi/random/randomPassword.js", "./naming.ts", "zod"), "core-credentials"],
  ["src/core/random.ts", from("@pulumi/random/randomPassword.js"), "core"],
  ["src/core/sdk.ts", from("@pulumi/docker/container.js"), "core"],
  ["src/core/zod.ts", from("zod"), "core"],
  ["src/core/not-installed.ts", from("@pulumi/aws/ec2/vpc.js"), "core"],
  ["src/core/type.ts", `import type { z } from "zod";\nexport type Z = z.ZodType;`, "core"],
  ["src/core/inline-type.ts", `export type Z = import("zod").ZodType;`, "core"],
  ["src/core/late.ts", `export const z = () => import("zod");`, "core"],
  ["src/core/passed-on.ts", `export * from "zod";`, "core"],
  ["src/core/upward.ts", from("../config/schema.ts"), "core"],
  ["src/core/sub/credentials.ts", from("@pulumi/random/randomPassword.js"), "core"],
  ["src/core/naming.ts", ""],
  // config
  ["src/config/good.ts", from("zod", "yaml", "node:path", "../core/naming.ts", "./schema.ts", "@pulumi/pulumi")],
  ["src/config/schema.ts", ""],
  ["src/config/execa.ts", from("execa"), "config"],
  ["src/config/sideways.ts", from("../preview/plan.ts"), "config"],
  // platforms
  ["src/platforms/docker/good.ts", from("@pulumi/docker/container.js", "dockerode", "@balena/dockerignore", "../../core/naming.ts", "node:os")],
  ["src/platforms/docker/platform.ts", from("@pulumi/pulumi", "./good.ts")],
  ["src/platforms/docker/other.ts", from("../aws/platform.ts"), "platform-docker"],
  ["src/platforms/docker/config.ts", from("../../config/schema.ts"), "platform-docker"],
  ["src/platforms/docker/component.ts", from("../../../components/redis-cache/redis-cache.ts"), "platform-docker"],
  ["src/platforms/docker/foreign.ts", from("@pulumi/kubernetes"), "platform-docker"],
  ["src/platforms/docker/random.ts", from("@pulumi/random"), "platform-docker"],
  ["src/platforms/docker/realisation.ts", from("../../../components/redis-cache/docker.ts"), "platform-docker", "joined-once-docker"],
  ["src/platforms/certificates.ts", from("@pulumi/tls/privateKey.js", "../core/naming.ts", "@pulumi/aws"), "certificates"],
  ["components/nats-cluster/aws/certificates.ts", from("../../../src/platforms/certificates.ts")],
  ["components/nats-cluster/docker.ts", from("../../src/platforms/certificates.ts"), "component-docker"],
  ["src/platforms/aws/platform.ts", from("@pulumi/aws/ec2/vpc.js", "../../core/naming.ts")],
  ["src/platforms/aws/runner/good.mjs", from("@aws-sdk/client-ecs")],
  ["src/platforms/aws/runner/core.mjs", from("../../../core/naming.ts"), "aws-functions"],
  ["components/observability-stack/aws/importer/catalogue.mjs", from("../../catalogue/index.ts"), "aws-functions"],
  ["src/platforms/aws/client.ts", from("@aws-sdk/client-ecs"), "platform-aws"],
  ["src/platforms/aws/daemon.ts", from("dockerode"), "platform-aws"],
  ["src/platforms/kubernetes/platform.ts", from("@pulumi/kubernetes/core/v1/pod.js")],
  ["src/platforms/kubernetes/config.ts", from("../../config/schema.ts"), "platform-kubernetes"],
  ["src/platforms/kubernetes/kubeconfig.ts", from("yaml", "../image-build.ts")],
  ["src/platforms/docker/pushed.ts", from("../image-build.ts"), "platform-docker"],
  ["src/platforms/image-build.ts", from("@pulumi/docker/image.js", "./docker/endpoint.ts", "../core/naming.ts", "./docker/good.ts"), "image-build"],
  ["src/platforms/docker/endpoint.ts", ""],
  ["src/stack.ts", from("./platforms/docker/platform.ts"), "platform-opened-by-few"],
  ["src/preview/platform.ts", from("../platforms/docker/platform.ts"), "platform-opened-by-few"],
  ["stacks/platform.ts", from("../src/platforms/docker/platform.ts"), "platform-opened-by-few"],
  // components
  ["components/redis-cache/redis-cache.ts", from("@pulumi/pulumi", "node:path", "../../src/core/naming.ts", "./spec.ts")],
  ["components/redis-cache/spec.ts", ""],
  ["components/redis-cache/docker.ts", from("./spec.ts", "@pulumi/docker/container.js", "../../src/platforms/docker/platform.ts")],
  ["components/redis-cache/config.ts", from("../../src/config/schema.ts"), "component"],
  ["components/redis-cache/sdk.ts", from("@pulumi/docker/container.js"), "component"],
  ["components/redis-cache/zod.ts", from("zod"), "component"],
  ["components/opa-server/bundle.ts", from("yaml"), "component"],
  ["components/opa-server/documents.ts", from("yaml", "zod", "../../src/core/naming.ts"), "policy-documents"],
  ["components/redis-cache/stack.ts", from("../../src/index.ts"), "component"],
  ["components/redis-cache/platform.ts", from("../../src/platforms/docker/platform.ts"), "component", "platform-opened-by-few"],
  ["components/redis-cache/own-join.ts", from("./docker.ts"), "joined-once-docker"],
  ["components/redis-cache/aws.ts", from("../../src/platforms/docker/platform.ts", "@pulumi/docker"), "component-aws", "component-aws"],
  ["components/redis-cache/aws-args.ts", from("./spec.ts", "../../src/core/naming.ts")],
  [
    "components/postgres-db/aws/realise.ts",
    from("./instance.ts", "@pulumi/aws/rds/instance.js", "@pulumi/tls", "../../../src/platforms/aws/platform.ts"),
  ],
  ["components/postgres-db/aws/instance.ts", from("../type.ts", "../../../src/core/naming.ts")],
  ["components/postgres-db/aws/foreign.ts", from("@pulumi/docker", "../../../src/platforms/docker/platform.ts"), "component-aws", "component-aws"],
  ["components/postgres-db/aws/other.ts", from("../../redis-cache/aws.ts"), "component-to-component"],
  ["components/postgres-db/own-folder.ts", from("./aws/instance.ts"), "joined-once-aws"],
  ["components/redis-cache/kubernetes.ts", from("../../src/config/schema.ts"), "component-kubernetes"],
  ["components/postgres-db/docker.ts", from("@pulumi/aws"), "component-docker"],
  ["components/postgres-db/postgres-db.ts", from("../redis-cache/redis-cache.ts"), "component-to-component"],
  ["components/postgres-db/type.ts", `import type {} from "../redis-cache/spec.ts";`, "component-to-component"],
  ["components/postgres-db/index.ts", from("../index.ts"), "component-to-component"],
  ["components/observability-stack/observability-stack.ts", from("../redis-cache/redis-cache.ts")],
  ["components/observability-stack/zod.ts", from("zod"), "component"],
  ["components/index.ts", from("./redis-cache/redis-cache.ts")],
  // the placeholder
  ["components/app-service/placeholder/server.ts", from("pg", "redis", "@nats-io/transport-node", "node:http", "./bindings.ts")],
  ["components/app-service/placeholder/bindings.ts", ""],
  ["components/app-service/placeholder/core.ts", from("../../../src/core/naming.ts"), "placeholder"],
  ["components/app-service/placeholder/pulumi.ts", from("@pulumi/pulumi"), "placeholder"],
  ["components/app-service/app-service.ts", from("./placeholder/bindings.ts"), "placeholder-apart"],
  ["components/app-service/client.ts", from("pg"), "component", "program-clients"],
  ["src/cli/client.ts", from("redis"), "program-clients"],
  ["components/nats-temporal-bridge/contract.ts", ""],
  ["components/nats-temporal-bridge/spec.ts", from("./service/mapping.ts"), "bridge-program-apart"],
  ["components/nats-temporal-bridge/service/mapping.ts", from("../contract.ts", "@temporalio/client", "@nats-io/jetstream", "node:http")],
  ["components/nats-temporal-bridge/service/routes.ts", from("../spec.ts"), "bridge-program"],
  ["components/nats-temporal-bridge/service/core.ts", from("../../../src/core/naming.ts"), "bridge-program"],
  ["components/redis-cache/workflow.ts", from("@temporalio/client"), "component", "program-clients"],
  ["stacks/client.ts", from("@nats-io/transport-node"), "program-clients"],
  // the joins
  ["src/docker.ts", from("./platforms/docker/platform.ts", "../components/redis-cache/docker.ts", "./core/naming.ts", "./stack.ts"), "join-docker"],
  ["src/aws.ts", from("./platforms/docker/platform.ts"), "join-aws"],
  ["src/kubernetes.ts", from("../components/redis-cache/docker.ts"), "join-kubernetes", "joined-once-docker"],
  ["src/index.ts", from("../components/index.ts", "./core/naming.ts")],
  ["src/second-join.ts", from("../components/redis-cache/docker.ts"), "joined-once-docker"],
  ["src/second-join-aws.ts", from("../components/redis-cache/aws.ts"), "joined-once-aws"],
  ["src/second-join-folder.ts", from("../components/postgres-db/aws/realise.ts"), "joined-once-aws"],
  ["src/second-join-kubernetes.ts", from("../components/redis-cache/kubernetes.ts"), "joined-once-kubernetes"],
  ["src/sub/docker.ts", from("../platforms/docker/platform.ts"), "platform-opened-by-few"],
  // stacks
  ["stacks/good.ts", `${from("../src/index.ts", "@pulumi/pulumi")}\nexport const ground = () => import("../src/docker.ts");`],
  ["stacks/early.ts", from("../src/docker.ts"), "stacks-load-late"],
  ["stacks/both.ts", `${from("../src/docker.ts")}\nexport const ground = () => import("../src/docker.ts");`, "stacks-load-late"],
  ["stacks/type.ts", `import type {} from "../src/docker.ts";`, "stacks-load-late"],
  ["stacks/sdk.ts", from("@pulumi/docker/container.js"), "stacks-no-sdk"],
  ["stacks/sdk-late.ts", `export const sdk = () => import("@pulumi/aws");`, "stacks-no-sdk"],
  ["stacks/random.ts", from("@pulumi/random"), "stacks-no-sdk"],
  ["stacks/daemon.ts", from("dockerode"), "stacks-no-sdk"],
  // preview, command, tests, policies
  ["src/preview/plan.ts", from("../core/naming.ts", "@grpc/grpc-js")],
  ["src/passes-on.ts", `export * from "../components/redis-cache/spec.ts";`],
  ["src/preview/component.ts", from("../../components/redis-cache/spec.ts"), "preview-no-component"],
  ["src/preview/roundabout.ts", from("../passes-on.ts"), "preview-no-component"],
  ["src/cli/main.ts", from("../preview/plan.ts", "../platforms/docker/good.ts", "commander")],
  ["src/cli/component.ts", from("../../components/redis-cache/spec.ts"), "cli-no-component"],
  ["src/cli/roundabout.ts", `export const component = () => import("../passes-on.ts");`, "cli-no-component"],
  ["src/uses-cli.ts", from("./cli/main.ts"), "cli-is-the-top"],
  ["bin/groundplan.js", from("../src/cli/main.ts")],
  ["test/unit/main.test.ts", from("../../src/cli/main.ts", "../support/help.ts", "../../src/platforms/docker/platform.ts", "pg")],
  ["test/support/help.ts", ""],
  ["src/uses-test.ts", from("../test/support/help.ts"), "test-is-apart"],
  ["bench/uses-test.ts", from("../test/support/help.ts"), "test-is-apart"],
  ["policies/index.ts", from("@pulumi/policy", "zod", "yaml", "node:crypto", "./reports/report.ts")],
  ["policies/reports/report.ts", ""],
  ["policies/component.ts", from("../components/redis-cache/spec.ts"), "policies"],
  ["policies/stack.ts", from("../stacks/good.ts"), "policies"],
  ["policies/core.ts", from("../src/core/naming.ts"), "policies"],
  ["policies/type.ts", `import type {} from "../src/core/naming.ts";`, "policies"],
  ["policies/sdk.ts", from("@pulumi/aws/rds/instance.js", "@pulumi/docker"), "policies", "policies"],
  ["policies/colour.ts", from("picocolors"), "policies"],
  ["src/cli/policy.ts", from("../../policies/index.ts")],
  ["src/preview/policy.ts", from("../../policies/index.ts"), "policies-apart"],
  ["src/core/policy.ts", from("../../policies/index.ts"), "core", "policies-apart"],
  ["stacks/policy.ts", from("../policies/index.ts"), "policies-apart"],
  ["docs/policies.ts", from("../policies/index.ts", "../test/support/help.ts")],
  ["docs/other.ts", from("../policies/index.ts", "../test/support/help.ts"), "test-is-apart"],
  ["bench/policy.ts", from("../policies/index.ts"), "policies-apart"],
  // cycles
  ["src/core/cycle-a.ts", from("./cycle-b.ts"), "no-cycle"],
  // A cycle is told once, from where it was met first.
  ["src/core/cycle-b.ts", `export const a = () => import("./cycle-a.ts");`],
  ["src/core/class.ts", `${from("./spec.ts")}\nexport interface Args {}`],
  ["src/core/spec.ts", `import type { Args } from "./class.ts";\nexport type A = Args;`],
];

describe("import rules", () => {
  let root: string;
  let found: Breach[] = [];
  let seen: string[] = [];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "groundplan-imports-"));
    for (const [file, code] of cases) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), code);
    }
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    symlinkSync(join(repository, "package.json"), join(root, "package.json"));
    ({ breaches: found, modules: seen } = await breachesIn(root));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each(cases)("%s", (file, _code, ...rules) => {
    const broken = found.filter((breach) => breach.from === file).map(({ rule }) => rule);
    expect(seen).toContain(file);
    expect(broken.toSorted()).toEqual(rules.toSorted());
  });

  it("has a breach of every rule above", async () => {
    const { ruleSet } = await extractOptions(join(repository, ".dependency-cruiser.js"));
    const names = ruleSet?.forbidden?.map(({ name }) => name) ?? [];
    expect(names.length).toBeGreaterThan(0);
    expect([...new Set(cases.flatMap(([, , ...rules]) => rules))].toSorted()).toEqual(names.toSorted());
  });

  it("hold in this repository", async () => {
    const { breaches, modules } = await breachesIn(repository);
    expect(modules).toContain("stacks/starter.ts");
    expect(breaches).toEqual([]);
  });
});
