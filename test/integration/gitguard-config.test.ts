import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { gitguardProject } from "../support/gitguard.ts";
import { ran } from "../support/stack.ts";
import type { TempProject } from "../support/temp-project.ts";

interface ComposeDocument {
  readonly services: Record<string, { readonly networks?: Record<string, unknown> | null }>;
  readonly configs: Record<string, { readonly content?: string }>;
}

describeDocker("the rendered GitGuard", () => {
  let project: TempProject;
  let scratch: string;

  beforeAll(() => {
    project = gitguardProject("gc");
    scratch = mkdtempSync(join(tmpdir(), "groundplan-nats-conf-"));
  });
  afterAll(() => {
    project.remove();
    rmSync(scratch, { recursive: true });
  });

  async function composed(): Promise<ComposeDocument> {
    await ran(project, ["render", "dev", "--output", "out"]);
    const { stdout } = await execa("docker", ["compose", "--profile", "verify", "--env-file", ".env", "config", "--format", "json"], {
      cwd: join(project.root, "out"),
    });
    return JSON.parse(stdout) as ComposeDocument;
  }

  /** What the server itself says of its configuration. */
  async function natsAccepts(config: string) {
    const file = join(scratch, "nats.conf");
    writeFileSync(file, config);
    chmodSync(scratch, 0o755);
    chmodSync(file, 0o444);
    const image = imageReference({ table: "nats" }, mirror ? { mirror } : {});
    const volume = `${scratch}:/conf:ro`;
    return execa(
      "docker",
      ["run", "--rm", "--network", "none", "--env", "SERVER_NAME=nats-0", "--volume", volume, image, "nats-server", "-t", "-c", "/conf/nats.conf"],
      {
        reject: false,
        all: true,
      },
    );
  }

  const natsConfig = ({ configs }: ComposeDocument) =>
    Object.values(configs).find(({ content = "" }) => content.includes("server_name: $"))?.content ?? "";

  test("is a project that Compose takes, and NATS takes its configuration", async () => {
    const document = await composed();
    expect(Object.keys(document.services).length).toBeGreaterThan(50);
    const { exitCode, all } = await natsAccepts(natsConfig(document).replaceAll("$$", "$"));
    expect(exitCode, all).toBe(0);
    const spoiled = await natsAccepts(natsConfig(document).replaceAll("$$", "$").replace("jetstream {", "jetstream { no_such_field: 1"));
    expect(spoiled.exitCode).not.toBe(0);
  });

  test("so it is with three nodes", async () => {
    project.settings({
      topology: "gitguard",
      components: { telemetry: { traces: "none" }, nats: { replicas: 3 } },
    });
    const { exitCode, all } = await natsAccepts(natsConfig(await composed()).replaceAll("$$", "$"));
    expect(exitCode, all).toBe(0);
  });
});
