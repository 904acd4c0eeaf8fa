import { randomInt } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { placedBundle } from "../../components/opa-server/aws/bundle-object.ts";
import { opaOnAws } from "../../components/opa-server/aws/tasks.ts";
import type { OpaModel } from "../../components/opa-server/model.ts";
import { imageReference } from "../../src/core/images.ts";
import { shownText } from "../../src/core/text.ts";
import type { AwsContext } from "../../src/platforms/aws/context.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { freePort } from "../support/free-port.ts";
import { docker } from "../support/replay-volumes.ts";
import { settingsOf, soundSpec } from "../support/settings.ts";

const name = `gps3-${randomInt(36 ** 6).toString(36)}`;
const login = { AccessKeyId: "ASIAEXAMPLE", SecretAccessKey: "of-the-task", Token: "session-of-the-task" };

describeDocker("a policy server on AWS, with an S3 and a task role of this test", () => {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-opa-s3-"));
  const asked: IncomingMessage[] = [];
  let api = 0;
  let diagnostic = 0;
  let signed = "";

  const spec = soundSpec("OpaServer", "opa", { policies: "policies", path: "repo/guard", maskInputs: ["/token"] });
  const context = { prefix: "shop-dev", account: "123456789012", region: "eu-central-1", profile: settingsOf().profile };
  const [server] = opaOnAws.shape?.(spec, context as AwsContext).workloads ?? [];
  const bundle = placedBundle("opa", (spec.model as OpaModel).bundle ?? []);

  /** The task's credentials, and S3: it gives the object to whoever has signed with them. */
  const aws = createServer((request, response) => {
    asked.push(request);
    if (request.url === "/credentials") {
      const known = request.headers.authorization === "of-the-agent";
      response.writeHead(known ? 200 : 401).end(JSON.stringify({ ...login, Expiration: new Date(Date.now() + 3_600_000).toISOString() }));
      return;
    }
    const { authorization = "", ...headers } = request.headers;
    const allowed =
      new RegExp(`^AWS4-HMAC-SHA256 Credential=${login.AccessKeyId}/\\d{8}/eu-central-1/s3/aws4_request,`).test(authorization) &&
      headers["x-amz-security-token"] === login.Token &&
      /^\d{8}T\d{6}Z$/.test(String(headers["x-amz-date"]));
    if (!allowed || request.url !== `/${bundle.key}`) response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
    else {
      signed = authorization;
      response.writeHead(200, { "content-type": "application/gzip", etag: `"${bundle.hash}"` }).end(bundle.archive);
    }
  });

  beforeAll(async () => {
    if (!server) throw new Error("no server");
    chmodSync(folder, 0o755);
    [api, diagnostic] = [await freePort(), await freePort()];
    await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
    const { port } = aws.address() as { port: number };
    const [config, ...others] = server.files;
    expect(others).toEqual([]);
    const text = shownText(config?.content ?? "");
    const host = "https://shop-dev-bundles-123456789012-eu-central-1.s3.eu-central-1.amazonaws.com";
    expect(text).toContain(host);
    writeFileSync(join(folder, "opa.json"), text.replace(host, `http://127.0.0.1:${port}`));
    const command = server.command?.map((part) =>
      part.replace("0.0.0.0:8181", `127.0.0.1:${api}`).replace("0.0.0.0:8282", `127.0.0.1:${diagnostic}`),
    );
    await docker([
      ...["run", "--detach", "--name", name, "--network", "host", "--user", `${server.uid}:${server.gid}`, "--read-only", "--cap-drop", "ALL"],
      // The address of the relative variable of ECS cannot be had here; the server reads the full one in the same way.
      ...["--env", `AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:${port}/credentials`],
      ...["--env", "AWS_CONTAINER_AUTHORIZATION_TOKEN=of-the-agent"],
      ...server.scratch.flatMap((path) => ["--tmpfs", `${path}:mode=1777`]),
      ...["--volume", `${folder}:/etc/groundplan:ro`, imageReference({ table: "opa" }, mirror ? { mirror } : {}), ...(command ?? [])],
    ]);
  });
  afterAll(async () => {
    await docker(["rm", "--force", name]).catch(() => {});
    aws.close();
    aws.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  const healthy = async () => (await fetch(`http://127.0.0.1:${diagnostic}/health?bundles&plugins`)).ok;
  const decide = async () => {
    const body = JSON.stringify({ input: { token: "of-a-user" } });
    const answer = await fetch(`http://127.0.0.1:${api}/v1/data/repo/guard`, { method: "POST", body });
    return (await answer.json()) as { result?: unknown };
  };

  test("signs with the role of its task, loads the archive, and is healthy then", async () => {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline && !(await healthy().catch(() => false)); )
      await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await healthy()).toBe(true);
    expect(asked.map(({ url }) => url).slice(0, 2)).toEqual(["/credentials", `/${bundle.key}`]);
    expect(signed).toMatch(/SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$/);
    expect(await decide()).toEqual(expect.objectContaining({ result: { allow: false } }));
  });

  test("logs each decision with the revision of the bundle, without what is masked", async () => {
    const { all } = await execa("docker", ["logs", name], { all: true });
    const decision = all.split("\n").find((line) => line.includes("decision_id"));
    expect(decision).toContain(JSON.parse((spec.model as OpaModel).bundle?.find(({ path }) => path === ".manifest")?.content ?? "{}").revision);
    expect(decision).toContain('"erased":["/input/token"]');
    expect(all).not.toContain("of-a-user");
  });

  test("goes on deciding when S3 does not answer", async () => {
    aws.close();
    aws.closeAllConnections();
    expect(await decide()).toEqual(expect.objectContaining({ result: { allow: false } }));
    expect(await healthy()).toBe(true);
  });
});
