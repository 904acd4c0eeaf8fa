import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { describe, expect, test } from "vitest";
import { relations } from "../../../components/app-service/checks.ts";
import { badConfiguration } from "../../../src/cli/exit.ts";
import { readEnvironment } from "../../../src/config/environment.ts";
import { profiles } from "../../../src/config/profiles.ts";
import { settleSettings } from "../../../src/config/settings.ts";
import { staleCopy } from "../../../src/config/stale.ts";
import { integer, shape } from "../../../src/core/checks.ts";
import { disallowedEgress } from "../../../src/core/egress.ts";
import { pinnedImage } from "../../../src/core/images.ts";
import { labelKeys } from "../../../src/core/labels.ts";
import { missingPaths } from "../../../src/core/missing-paths.ts";
import { componentName } from "../../../src/core/naming.ts";
import { codeOf, type Problem } from "../../../src/core/problems.ts";
import { strayOverrides, strayRetired } from "../../../src/core/settle.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import { unsupportedOn } from "../../../src/core/unsupported.ts";
import { preflight, type Wanted } from "../../../src/platforms/docker/preflight.ts";

const codes = (problems: readonly { code?: Problem["code"] }[]) => problems.map((problem) => codeOf(problem as Problem));
const settings = (document: unknown, environment: Record<string, string> = {}) => {
  const result = settleSettings({ project: "shop", env: "dev", document, file: "Pulumi.dev.yaml", environment });
  return Object.fromEntries(result.problems.map((problem) => [problem.path, codeOf(problem)]));
};
const sound = { topology: "shop", target: "docker", profile: "dev" };
const spec = (over: object) => ({ name: "api", kind: "AppService", workloads: [], jobs: [], asks: [], ...over }) as unknown as SystemSpec;

describe("the kind of a problem", () => {
  test("of arguments: a value, an unknown one, a missing one", () => {
    const check = shape<{ replicas: number; version: string }>({ replicas: integer(1, 3), version: () => [] }, ["version"]);
    expect(codes(check({ replicas: 9, replica: 1 }, "")).toSorted()).toEqual(["GP310", "GP311", "GP312"]);
  });

  test("of names and images", () => {
    expect(codes(componentName("Order_API", "name"))).toEqual(["GP315"]);
    expect(codes(componentName("db-data", "name"))).toEqual(["GP314"]);
    expect(codes(pinnedImage("ghcr.io/acme/api:latest", "image"))).toEqual(["GP316"]);
    const args = { ports: { http: 1, web: 1 }, health: { kind: "tcp" } } as unknown as Parameters<typeof relations>[0];
    expect(codes(relations(args, {}))).toEqual(["GP314"]);
  });

  test("of settings", () => {
    expect(settings({ ...sound, target: "moon", mirrors: "x", images: { api: "acme/api" }, components: 3 })).toEqual({
      target: "GP310",
      mirrors: "GP311",
      "images.api": "GP316",
      components: "GP310",
    });
    expect(settings({ target: "docker", profile: "dev" })).toEqual({ topology: "GP312" });
    expect(settings({ ...sound, target: "aws" })).toEqual({ aws: "GP312" });
    expect(settings(undefined)).toEqual({ "groundplan:stack": "GP312" });
    expect(settings(sound, { GROUNDPLAN_MIROR: "x" })).toEqual({ GROUNDPLAN_MIROR: "GP311" });
  });

  test("of exports that are older than the stack file", () => {
    const root = mkdtempSync(join(tmpdir(), "groundplan-stale-"));
    writeFileSync(join(root, "Pulumi.dev.yaml"), "config: { groundplan:stack: { target: docker } }\n");
    const copy = join(root, ".groundplan", "dev", "Pulumi.dev.yaml");
    expect(staleCopy(root, "dev", { target: "docker" }, copy)).toEqual([]);
    expect(codes(staleCopy(root, "dev", { target: "aws" }, copy))).toEqual(["GP325"]);
    rmSync(root, { recursive: true });
  });

  test("of what the environment may not override", () => {
    expect(codes(readEnvironment({ GROUNDPLAN_SUBNET_POOL: "10.1.0.0/16" }, profiles.prod).problems)).toEqual(["GP317"]);
  });

  test("of a component that the topology does not have", () => {
    const stray = {
      components: { dbs: {} },
      environmentOverrides: [{ variable: "V", path: ["CASH", "A"], value: 1 }],
      origins: {},
      retired: ["bus"],
    };
    expect(codes(strayOverrides(stray as never, ["db"]))).toEqual(["GP318", "GP318"]);
    expect(codes(strayRetired(stray as never, ["db"]))).toEqual(["GP318"]);
  });

  test("of a cell of the matrix, a folder that is not there and an address that nobody allowed", () => {
    expect(codes(unsupportedOn("docker", spec({ asks: [{ capability: "topics", path: "topics.a", value: "a" }] })))).toEqual(["GP313"]);
    const image = { build: { context: "no-such-folder" } };
    expect(codes(missingPaths(spec({ workloads: [{ image, mounts: [{ from: "nowhere", path: "/x" }] }] }), "/"))).toEqual(["GP326", "GP326"]);
    const egress = [{ host: "api.github.com", port: 443 }];
    expect(codes(disallowedEgress(spec({ digest: {}, workloads: [{ egress }] }), { egress: [], origins: {} }))).toEqual(["GP327"]);
  });

  test("is the code of the error when all are of it, and the code of several kinds when they are not", () => {
    const problem = (code: Problem["code"]): Problem => ({ component: "db", path: "x", value: 1, rule: "r", fix: "f", ...(code ? { code } : {}) });
    expect(badConfiguration([problem("GP311"), problem("GP311")])).toMatchObject({ code: "GP311", exit: 3 });
    expect(badConfiguration([problem("GP311"), problem(undefined)])).toMatchObject({ code: "GP301", exit: 3 });
    expect(badConfiguration([problem("GP311"), problem(undefined)]).message).toMatch(/code {2}GP311[\s\S]*code {2}GP310/);
    // The last line of the error says it for all of them.
    expect(badConfiguration([problem("GP311"), problem("GP311")]).message).not.toContain("GP311");
  });
});

describe("what the daemon has already", () => {
  const nothing: Wanted = {
    prefix: "shop-dev",
    engine: "pulumi",
    env: "dev",
    isolation: "",
    remembered: true,
    local: true,
    containers: ["shop-dev-db"],
    ports: [],
    volumes: [{ name: "shop-dev-db-data", component: "db", format: "postgres-16" }],
    networks: [{ name: "shop-dev-db", subnet: "10.213.1.0/27" }],
  };
  const labels = (over: Record<string, string>) => ({ [labelKeys.stack]: "shop-dev", [labelKeys.engine]: "pulumi", ...over });
  const found = async (wanted: Partial<Wanted>, there: { containers?: object[]; volumes?: object[]; networks?: object[] }) => {
    const docker = {
      listContainers: async () =>
        (there.containers ?? []).map((container) => ({ Names: ["/shop-dev-db"], State: "running", Ports: [], ...container })),
      listVolumes: async () => ({ Volumes: there.volumes ?? [] }),
      listNetworks: async () => there.networks ?? [],
    } as unknown as Docker;
    return codes(await preflight(docker, { ...nothing, ...wanted }));
  };

  test("a container or a volume that somebody else made, and data of another format", async () => {
    expect(await found({}, { containers: [{ Labels: {} }], volumes: [{ Name: "shop-dev-db-data", Labels: {} }] })).toEqual(["GP320", "GP320"]);
    const old = { Name: "shop-dev-db-data", Labels: labels({ [labelKeys.format]: "postgres-15" }) };
    expect(await found({}, { volumes: [old] })).toEqual(["GP322"]);
  });

  test("another engine, another folder, and what the state does not know", async () => {
    expect(await found({}, { containers: [{ Labels: labels({ [labelKeys.engine]: "compose" }) }] })).toEqual(["GP201"]);
    const elsewhere = { Labels: labels({ [labelKeys.engine]: "compose", "com.docker.compose.project.working_dir": "/other" }) };
    expect(await found({ engine: "compose", folder: "/here" }, { containers: [elsewhere] })).toEqual(["GP208"]);
    expect(await found({ remembered: false }, { containers: [{ Labels: labels({}) }] })).toEqual(["GP207"]);
  });

  test("addresses that another network has, and a port that another process has", async () => {
    const network = { Name: "vpn", Labels: {}, IPAM: { Config: [{ Subnet: "10.213.0.0/16" }] } };
    expect(await found({}, { networks: [network] })).toEqual(["GP321"]);
    const listener = createServer();
    await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
    const { port } = listener.address() as { port: number };
    const wanted = { ports: [{ key: "db.sql", component: "db", port, host: "127.0.0.1" }] };
    expect(await found(wanted, {})).toEqual(["GP319"]);
    await new Promise((closed) => listener.close(closed));
    expect(await found(wanted, {})).toEqual([]);
  });
});
