import { createHash, randomInt } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { shownText } from "../../src/core/text.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { freePort } from "../support/free-port.ts";
import { docker } from "../support/replay-volumes.ts";
import { soundSpec } from "../support/settings.ts";

const repository = "groundplan-test/policies";
const name = `gpopa-${randomInt(36 ** 6).toString(36)}`;

/** A bundle as an artifact, pushed as any client of a registry does. */
async function push(registry: string, tag: string, policy: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-bundle-"));
  try {
    writeFileSync(join(folder, "guard.rego"), policy);
    writeFileSync(join(folder, ".manifest"), JSON.stringify({ roots: ["repo"], revision: tag }));
    await execa("tar", ["czf", "bundle.tgz", "guard.rego", ".manifest"], { cwd: folder });
    const { stdout } = await execa("cat", ["bundle.tgz"], { cwd: folder, encoding: "buffer" });
    const layer = await blob(registry, Buffer.from(stdout));
    const config = await blob(registry, Buffer.from("{}"));
    const manifest = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", ...layer }],
    };
    const put = { method: "PUT", body: JSON.stringify(manifest), headers: { "content-type": manifest.mediaType } };
    expect((await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, put)).status).toBe(201);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function blob(registry: string, content: Buffer): Promise<{ digest: string; size: number }> {
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  const begun = await fetch(`http://${registry}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  const url = new URL(begun.headers.get("location") ?? "", `http://${registry}`);
  url.searchParams.set("digest", digest);
  const { status } = await fetch(url, { method: "PUT", body: new Uint8Array(content), headers: { "content-type": "application/octet-stream" } });
  expect(status).toBe(201);
  return { digest, size: content.length };
}

describeDocker("a policy server with policies from a registry", () => {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-opa-"));
  let [api, diagnostic] = [0, 0];

  beforeAll(async () => {
    const registry = mirror ?? "";
    // The server is another user.
    chmodSync(folder, 0o755);
    [api, diagnostic] = [await freePort(), await freePort()];
    await push(registry, "1", "package repo.guard\n\ndefault allow := false\n");
    const bundle = { registry: "registry.example", resource: `${repository}:1`, pollSeconds: 10 };
    const [server] = soundSpec("OpaServer", "opa", { policies: undefined, bundle, path: "repo/guard" }).workloads;
    if (!server) throw new Error("no server");
    // The registry of the tests speaks plain HTTP on this machine, which no argument allows.
    const config = shownText(server.files.find(({ path }) => path.endsWith("/opa.json"))?.content ?? "");
    writeFileSync(
      join(folder, "opa.json"),
      config.replace("https://registry.example", `http://${registry}`).replace("registry.example/", `${registry}/`),
    );
    const command = server.command?.map((part) =>
      part.replace("0.0.0.0:8181", `127.0.0.1:${api}`).replace("0.0.0.0:8282", `127.0.0.1:${diagnostic}`),
    );
    await docker([
      ...["run", "--detach", "--name", name, "--network", "host", "--user", `${server.uid}:${server.gid}`, "--read-only", "--cap-drop", "ALL"],
      ...server.scratch.flatMap((path) => ["--tmpfs", `${path}:mode=1777`]),
      ...["--volume", `${folder}:/etc/groundplan:ro`, imageReference({ table: "opa" }, { mirror: registry }), ...(command ?? [])],
    ]);
  });
  afterAll(async () => {
    await docker(["rm", "--force", name]).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  });

  const until = async (holds: () => Promise<boolean>) => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 500))) {
      if (await holds().catch(() => false)) return true;
    }
    return false;
  };
  const decision = async () => ((await (await fetch(`http://127.0.0.1:${api}/v1/data/repo/guard/allow`)).json()) as { result?: boolean }).result;

  test("is healthy when it has pulled them, and decides by them", async () => {
    expect(await until(async () => (await fetch(`http://127.0.0.1:${diagnostic}/health?bundles&plugins`)).ok)).toBe(true);
    expect(await decision()).toBe(false);
  });

  test("follows a tag that moves", async () => {
    await push(mirror ?? "", "1", "package repo.guard\n\ndefault allow := true\n");
    expect(await until(async () => (await decision()) === true)).toBe(true);
  });
});
