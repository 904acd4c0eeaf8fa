import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveEndpoint } from "../../../../src/platforms/docker/endpoint.ts";

const folder = mkdtempSync(join(tmpdir(), "groundplan-docker-config-"));
const empty = join(folder, "empty");
const idOf = (context: string) => createHash("sha256").update(context).digest("hex");

/** A folder as the Docker CLI writes it. */
function writeContext(name: string, host: string | undefined, tls = false): void {
  const meta = join(folder, "contexts", "meta", idOf(name));
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: name, Endpoints: host ? { docker: { Host: host } } : {} }));
  if (tls) mkdirSync(join(folder, "contexts", "tls", idOf(name), "docker"), { recursive: true });
}

beforeAll(() => {
  mkdirSync(empty);
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: {}, currentContext: "colima" }));
  writeContext("colima", "unix:///home/me/.colima/docker.sock");
  writeContext("build", "tcp://build.acme.io:2376", true);
  writeContext("broken", undefined);
});
afterAll(() => rmSync(folder, { recursive: true }));

const here = { DOCKER_CONFIG: folder };

describe("resolveEndpoint, in the order of the Docker CLI", () => {
  test("DOCKER_HOST wins over any context", () => {
    const host = { ...here, DOCKER_HOST: "ssh://me@host", DOCKER_CONTEXT: "build" };
    expect(resolveEndpoint(host)).toEqual({ host: "ssh://me@host", origin: "DOCKER_HOST" });
  });

  test("its certificates count only with DOCKER_TLS_VERIFY", () => {
    const host = { DOCKER_HOST: "tcp://host:2376", DOCKER_CERT_PATH: "/certs" };
    expect(resolveEndpoint(host)).not.toHaveProperty("certPath");
    expect(resolveEndpoint({ ...host, DOCKER_TLS_VERIFY: "1" })).toMatchObject({ certPath: "/certs" });
  });

  test("DOCKER_CONTEXT, with the certificates of that context", () => {
    expect(resolveEndpoint({ ...here, DOCKER_CONTEXT: "build" })).toEqual({
      host: "tcp://build.acme.io:2376",
      certPath: join(folder, "contexts", "tls", idOf("build"), "docker"),
      origin: "context build",
    });
  });

  test("the current context of config.json, also when the variables are set to nothing", () => {
    const endpoint = { host: "unix:///home/me/.colima/docker.sock", origin: "context colima" };
    expect(resolveEndpoint(here)).toEqual(endpoint);
    expect(resolveEndpoint({ ...here, DOCKER_HOST: "", DOCKER_CONTEXT: "" })).toEqual(endpoint);
  });

  test("the default socket: by name, without a configuration, and with one that is no JSON", () => {
    const endpoint = { host: "unix:///var/run/docker.sock", origin: "default" };
    expect(resolveEndpoint({ ...here, DOCKER_CONTEXT: "default" })).toEqual(endpoint);
    expect(resolveEndpoint({ DOCKER_CONFIG: empty })).toEqual(endpoint);
    writeFileSync(join(empty, "config.json"), "{");
    expect(resolveEndpoint({ DOCKER_CONFIG: empty })).toEqual(endpoint);
  });

  test.each(["missing", "broken"])("the context %s is an error that names it, never the default socket", (name) => {
    expect(() => resolveEndpoint({ ...here, DOCKER_CONTEXT: name })).toThrow(`the Docker context "${name}" has no endpoint`);
  });
});
