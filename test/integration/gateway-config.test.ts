import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { isSecretText, type Text } from "../../src/core/text.ts";
import { newAuthority, newCertificate } from "../../src/platforms/docker/x509.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { realNginx } from "../support/nginx.ts";
import { soundSpec } from "../support/settings.ts";
import { connectionTo } from "../unit/connections.ts";

const web = connectionTo("web", { scheme: "http" });
const next = connectionTo("next", { scheme: "http" });

const variants: Readonly<Record<string, object>> = {
  "one route": { routes: { web: { to: web } } },
  "a route that has the name of something in the configuration": {
    routes: { tls: { path: "/tls", to: web, rateLimit: { requestsPerSecond: 1 } }, requests: { to: web } },
  },
  "everything at once": {
    hosts: ["localhost", `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.example.test`],
    tls: { minVersion: "1.3" },
    hsts: { maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: true },
    securityHeaders: { "Permissions-Policy": "camera=(), geolocation=(self 'https://maps.test'); x", "Referrer-Policy": false },
    gzip: false,
    cpus: 2,
    routes: {
      "web-shop": {
        path: "/shop.v1/~me_-",
        to: { stable: web, "canary-2": next, off: web },
        weights: { stable: 89, "canary-2": 11, off: 0 },
        stripPrefix: true,
        websocket: true,
        timeoutSeconds: 1,
        retries: 10,
        rateLimit: { requestsPerSecond: 0.1, burst: 100_000 },
        maxBodyMiB: 10_240,
        cors: {
          origins: [`https://${"d".repeat(63)}.${"e".repeat(63)}.test:8443`, "http://localhost"],
          methods: ["GET", "DELETE"],
          headers: [],
          credentials: true,
          maxAgeSeconds: 0,
        },
      },
      open: { path: "/open", to: next, cors: { origins: ["*"] }, retries: 0 },
      own: { host: "localhost", to: next, retries: 0 },
    },
  },
  "a hundred routes": {
    routes: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`route-${index}`, { path: `/path/${index}`, to: web }])),
  },
};

describeDocker("the configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-nginx-"));
  let values: Record<string, string>;
  let image: string;

  beforeAll(async () => {
    const overrides = { nginx: realNginx().GROUNDPLAN_IMAGES__NGINX ?? "" };
    image = imageReference({ table: "nginx" }, { ...(mirror ? { mirror } : {}), ...(overrides.nginx ? { overrides } : {}) });
    const authority = await newAuthority("tests", new Date(), 1);
    values = { ...(await newCertificate(authority, ["localhost"], new Date(), 1)), "outside port https": "8443" };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const filled = (content: Text) =>
    isSecretText(content) ? content.parts.map((part) => (typeof part === "string" ? part : values[part.secret])).join("") : content;

  /** What nginx says of a set of files, as the container would read them. */
  function judge(files: Readonly<Record<string, string>>): { code: number | null; said: string } {
    const place = mkdtempSync(join(folder, "set-"));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content);
    const confined = ["--rm", "--network", "none", "--user", "101:101", "--read-only", "--tmpfs", "/tmp", "--volume", `${place}:/etc/groundplan:ro`];
    const command = ["nginx", "-e", "stderr", "-t", "-c", "/etc/groundplan/nginx.conf"];
    spawnSync("chmod", ["-R", "a+rX", folder]);
    const { status, stderr } = spawnSync("docker", ["run", ...confined, "--entrypoint", "", image, ...command], { encoding: "utf8" });
    return { code: status, said: stderr };
  }

  const filesOf = (args: object) =>
    Object.fromEntries(
      soundSpec("ServiceMeshGateway", "gw", args).workloads[0]?.files.map(({ path, content }) => [basename(path), filled(content)]) ?? [],
    );

  test.each(Object.entries(variants))("of %s is one that nginx takes, without a warning", (_, args) => {
    const { code, said } = judge(filesOf(args));
    expect(said.split("\n").filter((line) => line !== "" && !/syntax is ok|test is successful/.test(line))).toEqual([]);
    expect(code).toBe(0);
  });

  test("that is broken is refused, so that the answer can be trusted", () => {
    const files = filesOf(variants["one route"] ?? {});
    const { code, said } = judge({ ...files, "nginx.conf": files["nginx.conf"]?.replace("least_conn;", "least_con;") ?? "" });
    expect(said).toContain('unknown directive "least_con"');
    expect(code).toBe(1);
  });
});
