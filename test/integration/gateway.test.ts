import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { connect as http2 } from "node:http2";
import { Agent } from "node:https";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newAuthority, newCertificate, type Pair } from "../../src/platforms/docker/x509.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { type Answer, type Asked, ask, handshake, seen, websocketEcho } from "../support/gateway.ts";
import { realNginx } from "../support/nginx.ts";
import { containers, daemon, discard, inspect, lives, port, ran, until, up, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const upstream = readFileSync(join(import.meta.dirname, "..", "ground", "upstream.cjs"), "utf8");

const topology = (given: Pair & { readonly ca: string }, canary = "canary") => `
  const service = {
    platform, image: "docker.io/library/node:24.21.0-alpine", command: ["node", "-e", ${JSON.stringify(upstream)}],
    ports: { http: 8000 }, health: http("/health"), tools: ["wget"],
  };
  const web = new AppService("web", { ...service, replicas: 2 });
  const next = new AppService("next", { ...service, env: { VERSION: "${canary}" } });
  const to = web.connection;
  const gateway = new ServiceMeshGateway("gateway", {
    platform,
    hosts: ["localhost", "shop.test"],
    hsts: { maxAgeSeconds: 86400, includeSubdomains: true },
    routes: {
      web: { to },
      ws: { path: "/ws", to, websocket: true },
      limited: { path: "/limited", to, rateLimit: { requestsPerSecond: 2, burst: 4 } },
      small: { path: "/small", to, maxBodyMiB: 1 },
      large: { path: "/large", to, maxBodyMiB: 64 },
      slow: { path: "/slow", to, timeoutSeconds: 2 },
      once: { path: "/once", to, retries: 0 },
      app: { path: "/app", to, stripPrefix: true, cors: { origins: ["https://app.test"], methods: ["GET", "PUT"], headers: ["X-Token"], credentials: true } },
      open: { path: "/open", to, cors: { origins: ["*"] } },
      split: { path: "/split", to: { stable: to, canary: next.connection }, weights: { stable: 90, canary: 10 } },
      shop: { host: "shop.test", to: next.connection },
    },
  });
  new ServiceMeshGateway("strict", {
    platform, hosts: ["secure.test"], routes: { web: { to } },
    tls: { minVersion: "1.3", certificate: ${JSON.stringify(given)} }, gzip: false, securityHeaders: { "Referrer-Policy": false, "X-Frame-Options": "DENY" },
  });
  return { gateway: gateway.external.url };`;

/** Lines of Base64 of a key: nobody else may have them. */
const linesOf = (pem: string) => pem.split("\n").filter((line) => line.length > 30 && !line.startsWith("-----"));

describeDocker("a gateway", () => {
  let project: TempProject;
  let given: Pair & { readonly ca: string };
  let ca: string;
  let https: number;
  const told: string[] = [];
  const get = (path: string, over: Partial<Asked> = {}): Promise<Answer> => ask({ port: https, ca, path, ...over });
  const statuses = async (count: number, once: () => Promise<Answer>) =>
    (await Promise.all(Array.from({ length: count }, once))).map(({ status }) => status);
  const log = (name = "gateway") =>
    execFileSync("docker", ["logs", `${project.prefix}-${name}`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 2 ** 26 })
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string | number>);
  const logged = (requestId: string) => until(`the log line of ${requestId}`, 10, async () => log().find((line) => line.requestId === requestId));

  beforeAll(async () => {
    Object.assign(process.env, realNginx());
    project = tempProject("gw");
    const authority = await newAuthority("tests", new Date(), 2);
    given = { ...(await newCertificate(authority, ["secure.test"], new Date(), 2)), ca: authority.certificate };
    project.topology(topology(given));
    told.push(await up(project));
    ca = readFileSync(join(project.root, ".groundplan", "development-ca", "ca.crt"), "utf8");
    https = port(project, "gateway.https");
  });
  afterAll(() => discard(project));

  test("is verified by a client that checks its certificate", async () => {
    const output = await verifies(project);
    expect(output).toMatch(/gateway by its protocol +TLS with a certificate that its authority proves, redirect, 11 routes answer/);
    expect(output).toMatch(/strict by its protocol +TLS with a certificate that its authority proves, redirect, 1 routes answer/);
  });

  test("shows a certificate that its own authority proves, and no other", async () => {
    await expect(ask({ port: https })).rejects.toThrow(/self-signed|unable to verify|local issuer/);
    const socket = await handshake(https, "shop.test", "TLSv1.3", ca);
    const { subjectaltname, valid_to } = socket.getPeerCertificate();
    socket.destroy();
    expect(subjectaltname?.split(", ").toSorted()).toEqual(["DNS:gateway", "DNS:localhost", "DNS:shop.test", "IP Address:127.0.0.1"]);
    const days = (Date.parse(valid_to) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89);
    expect(days).toBeLessThan(91);
  });

  test("speaks TLS 1.2 and 1.3, or 1.3 alone, and nothing older", async () => {
    const spoken = async (at: number, name: string, version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3", authority: string) => {
      const socket = await handshake(at, name, version, authority);
      const protocol = socket.getProtocol();
      socket.destroy();
      return protocol;
    };
    expect(await spoken(https, "localhost", "TLSv1.2", ca)).toBe("TLSv1.2");
    expect(await spoken(https, "localhost", "TLSv1.3", ca)).toBe("TLSv1.3");
    // The refusal comes as an alert of the server: the client itself would have spoken it.
    await expect(spoken(https, "localhost", "TLSv1.1", ca)).rejects.toThrow(/alert protocol version/);
    const strict = port(project, "strict.https");
    expect(await spoken(strict, "secure.test", "TLSv1.3", given.ca)).toBe("TLSv1.3");
    await expect(spoken(strict, "secure.test", "TLSv1.2", given.ca)).rejects.toThrow(/alert protocol version/);
  });

  test("answers by HTTP/2 where a client offers it", async () => {
    const session = http2(`https://localhost:${https}`, { ca });
    const status = await new Promise((resolve, reject) => {
      session.on("error", reject);
      session.request({ ":path": "/h2" }).on("response", (headers) => resolve(headers[":status"]));
    });
    expect(session.alpnProtocol).toBe("h2");
    session.destroy();
    expect(status).toBe(200);
  });

  test("sends plain HTTP to HTTPS, keeping method, path and query; unknown hosts nowhere", async () => {
    const http = port(project, "gateway.http");
    const redirect = await ask({ port: http, tls: false, method: "POST", path: "/a/b?c=d", host: "shop.test" });
    expect(redirect.status).toBe(308);
    expect(redirect.headers.location).toBe(`https://shop.test:${https}/a/b?c=d`);
    expect((await ask({ port: http, tls: false, path: "/healthz" })).status).toBe(200);
    expect((await ask({ port: http, tls: false, host: "elsewhere.test" })).status).toBe(404);
    expect((await get("/", { headers: { host: "elsewhere.test" } })).status).toBe(421);
    expect((await get("/healthz")).body.toString()).toBe("ok\n");
  });

  test("gives browsers the headers that guard them, on every kind of answer, and hides those of the upstream", async () => {
    const answers = [await get("/"), await get("/once/fail"), await get("/open/x", { headers: { origin: "https://any.test" } })];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        "strict-transport-security": "max-age=86400; includeSubDomains",
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "content-security-policy": "frame-ancestors 'self'",
        server: "nginx",
      });
      expect(headers["x-powered-by"]).toBeUndefined();
    }
    const strict = await ask({ port: port(project, "strict.https"), ca: given.ca, host: "secure.test" });
    expect(strict.headers).toMatchObject({
      "x-frame-options": "DENY",
      "strict-transport-security": "max-age=31536000",
      "referrer-policy": "unsafe-url",
    });
    const redirect = await ask({ port: port(project, "gateway.http"), tls: false });
    expect(redirect.headers["strict-transport-security"]).toBeUndefined();
  });

  test("tells the upstream who asked, and believes nobody else", async () => {
    const headers = {
      "x-forwarded-for": "6.6.6.6",
      forwarded: "for=6.6.6.6",
      "x-request-id": "from-outside-1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };
    const answer = await get("/app/users/%C3%A4?q=1", { headers });
    const { url, headers: arrived } = seen(answer);
    expect(url).toBe("/users/%C3%A4?q=1");
    expect(arrived).toMatchObject({
      host: "localhost",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "localhost",
      "x-forwarded-port": String(https),
      "x-forwarded-prefix": "/app",
      "x-request-id": "from-outside-1",
      traceparent: headers.traceparent,
    });
    expect(arrived["x-forwarded-for"]).not.toContain("6.6.6.6");
    expect(arrived.forwarded).toBeUndefined();
    expect(answer.headers["x-request-id"]).toBe("from-outside-1");
    expect(seen(await get("/app")).url).toBe("/");
    expect(seen(await get("/apple")).url).toBe("/apple");
  });

  test("logs each request as JSON, without what stands in its query", async () => {
    await get("/app/private?token=hunter2", { headers: { "x-request-id": "logged-request" } });
    expect(await logged("logged-request")).toMatchObject({
      method: "GET",
      path: "/app/private",
      status: 200,
      route: "app",
      upstreamStatus: "200",
      tls: "TLSv1.3",
    });
    expect(JSON.stringify(log())).not.toContain("hunter2");
  });

  test("routes by host, and the longest path wins", async () => {
    expect(seen(await get("/", { host: "shop.test" })).version).toBe("canary");
    expect(seen(await get("/", {})).version).toBe("one");
    expect(seen(await get("/app/x", { host: "shop.test" })).version).toBe("one");
  });

  test("lets websockets through where a route says so", async () => {
    expect(await websocketEcho(https, ca, "/ws/echo", "from here to there")).toBe("from here to there");
    await expect(websocketEcho(https, ca, "/plain", "no")).rejects.toThrow("no websocket: status 200");
  });

  test("refuses what is above the rate with 429 and tells when to come again", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get("/limited/x")));
    const passed = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(passed.length + refused.length).toBe(20);
    expect(passed.length).toBeGreaterThanOrEqual(5);
    expect(passed.length).toBeLessThanOrEqual(8);
    for (const { headers } of refused) expect([headers["retry-after"], headers["x-content-type-options"]]).toEqual(["1", "nosniff"]);
    expect(passed[0]?.headers["retry-after"]).toBeUndefined();
    expect(await statuses(20, () => get("/unlimited"))).toEqual(Array(20).fill(200));
    await until("the next request", 5, async () => (await get("/limited/x")).status === 200);
  });

  test("takes bodies up to the limit of the route", async () => {
    const send = async (path: string, bytes: number) => get(path, { method: "POST", body: Buffer.alloc(bytes) });
    expect(seen(await send("/small", 1024 * 1024)).bytes).toBe(1024 * 1024);
    expect((await send("/small", 1024 * 1024 + 1)).status).toBe(413);
    expect(seen(await send("/large", 60 * 1024 * 1024)).bytes).toBe(60 * 1024 * 1024);
  });

  test("gives up on an upstream that is silent, with 504", async () => {
    const start = Date.now();
    expect((await get("/slow?ms=8000")).status).toBe(504);
    const seconds = (Date.now() - start) / 1000;
    expect(seconds).toBeGreaterThan(1.9);
    expect(seconds).toBeLessThan(5);
    expect((await get("/slow?ms=500")).status).toBe(200);
  });

  test("answers preflights of the origins that may ask, and refuses others", async () => {
    const preflight = (path: string, origin: string) =>
      get(path, { method: "OPTIONS", headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": "x-token" } });
    const allowed = await preflight("/app/x", "https://app.test");
    expect(allowed.status).toBe(204);
    expect(allowed.headers).toMatchObject({
      "access-control-allow-origin": "https://app.test",
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-headers": "X-Token",
      "access-control-max-age": "600",
      vary: "Origin",
      "x-content-type-options": "nosniff",
    });
    const refused = await preflight("/app/x", "https://app.test.evil");
    expect([refused.status, refused.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
    const answer = await get("/app/x", { headers: { origin: "https://app.test" } });
    expect(answer.headers).toMatchObject({ "access-control-allow-origin": "https://app.test", "access-control-allow-credentials": "true" });
    expect(answer.headers.vary).toContain("Origin");
    expect((await get("/app/x", { headers: { origin: "https://evil.test" } })).headers["access-control-allow-origin"]).toBeUndefined();
    const open = await get("/open", { headers: { origin: "https://any.test" } });
    expect([open.headers["access-control-allow-origin"], open.headers["access-control-allow-credentials"]]).toEqual(["*", undefined]);
    // An OPTIONS that is no preflight is the upstream's.
    expect(seen(await get("/app/x", { method: "OPTIONS", headers: { origin: "https://app.test" } })).method).toBe("OPTIONS");
  });

  test("compresses for those who take it", async () => {
    const packed = await get("/big", { headers: { "accept-encoding": "gzip" } });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(packed.headers.vary).toContain("Accept-Encoding");
    expect(packed.body.length).toBeLessThan(2000);
    expect(JSON.parse(gunzipSync(packed.body).toString())).toHaveProperty("filling");
    expect((await get("/big")).headers["content-encoding"]).toBeUndefined();
    const strict = await ask({
      port: port(project, "strict.https"),
      ca: given.ca,
      host: "secure.test",
      path: "/big",
      headers: { "accept-encoding": "gzip" },
    });
    expect(strict.headers["content-encoding"]).toBeUndefined();
  });

  test("sends each version its share, within two percent over 5,000 requests", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const versions: string[] = [];
    const worker = async () => {
      while (versions.length < 5000) versions.push(seen(await get("/split/x", { agent })).version);
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    agent.destroy();
    const share = versions.filter((version) => version === "canary").length / versions.length;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
  });

  test("tries a request that may be repeated on the other replica, and a POST once", async () => {
    const tries = async (path: string, method: string) => {
      const id = `try-${method.toLowerCase()}-${path.slice(1, 5)}`;
      expect((await get(path, { method, headers: { "x-request-id": id } })).status).toBe(503);
      return String((await logged(id)).upstreamStatus).split(", ");
    };
    expect(await tries("/fail", "GET")).toEqual(["503", "503"]);
    expect(await tries("/fail", "POST")).toEqual(["503"]);
    expect(await tries("/once/fail", "GET")).toEqual(["503"]);
  });

  test("loses no GET when a replica is killed, and has both again when it is back", async () => {
    const replicas = new Set((await Promise.all(Array.from({ length: 30 }, () => get("/")))).map((answer) => seen(answer).replica));
    expect(replicas.size).toBe(2);
    const killed = daemon.getContainer(`${project.prefix}-web-1`);
    await killed.kill();
    const codes: number[] = [];
    for (let round = 0; round < 60; round++) codes.push(...(await statuses(5, () => get("/"))));
    expect(codes.filter((code) => code !== 200)).toEqual([]);
    await killed.start();
    await until(
      "both replicas",
      30,
      async () => new Set((await Promise.all(Array.from({ length: 20 }, () => get("/")))).map((a) => seen(a).replica)).size === 2,
    );
  });

  test("finds an upstream again that was made anew at another address, and runs on", async () => {
    const before = await lives(project, ["gateway", "strict", "web-0", "web-1"]);
    const addressOf = async () => {
      const { NetworkSettings } = await inspect(project, "next");
      return NetworkSettings.Networks[`${project.prefix}-next`]?.IPAddress ?? "";
    };
    const old = await addressOf();
    const { Config } = await inspect(project, "next");
    const squatter = `${project.prefix}-squatter`;
    await daemon.getContainer(`${project.prefix}-next`).remove({ force: true });
    const place = ["--network", `${project.prefix}-next`, "--ip", old];
    execFileSync("docker", ["run", "--detach", "--name", squatter, ...place, "--entrypoint", "sleep", Config.Image, "600"], { stdio: "ignore" });
    try {
      project.topology(topology(given, "renewed"));
      await up(project);
      expect(await addressOf()).not.toBe(old);
      await until("the renewed upstream", 15, async () => seen(await get("/", { host: "shop.test" })).version === "renewed");
      expect(await lives(project, ["gateway", "strict", "web-0", "web-1"])).toEqual(before);
    } finally {
      execFileSync("docker", ["rm", "--force", squatter], { stdio: "ignore" });
    }
  });

  test("a second up restarts nothing and keeps the certificate", async () => {
    const parts = ["gateway", "strict", "next", "web-0", "web-1"];
    const before = await lives(project, parts);
    told.push(await up(project));
    expect(await lives(project, parts)).toEqual(before);
  });

  test("keeps its key where it belongs", async () => {
    const folder = join(project.root, ".groundplan", "development-ca");
    const issued = readdirSync(join(folder, "issued")).map((file) => join(folder, "issued", file));
    expect(issued).toHaveLength(1);
    const [file = ""] = issued;
    for (const secret of [file, join(folder, "ca.key"), join(project.state, "compose", ".env")]) {
      expect((statSync(secret).mode & 0o777).toString(8), secret).toBe("600");
    }
    const key = readFileSync(file, "utf8").split(/(?=-----BEGIN CERT)/)[0] ?? "";
    const secrets = [...linesOf(key), ...linesOf(readFileSync(join(folder, "ca.key"), "utf8")), ...linesOf(given.key)];
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    const inspected = await Promise.all((await containers(project)).map(({ id }) => daemon.getContainer(id).inspect()));
    const shown = [
      JSON.stringify(inspected),
      ...told,
      await ran(project, ["preview", "dev", "--json"]),
      readFileSync(join(project.state, "compose", "compose.yaml"), "utf8"),
      execFileSync("sh", ["-c", `docker logs ${project.prefix}-gateway 2>&1`], { encoding: "utf8", maxBuffer: 2 ** 26 }),
    ];
    for (const text of shown) expect(secrets.filter((line) => text.includes(line))).toEqual([]);
  });

  test("a rendered folder holds the certificate whole, its key in .env alone", async () => {
    await ran(project, ["render", "dev", "--output", "out"]);
    const out = join(project.root, "out");
    const config = execFileSync("docker", ["compose", "config", "--format", "json"], {
      cwd: out,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { configs } = JSON.parse(config) as { configs: Record<string, { content: string }> };
    const contents = Object.values(configs).map(({ content }) => content);
    const inside = (name: string) =>
      execFileSync("docker", ["exec", `${project.prefix}-gateway`, "cat", `/etc/groundplan/${name}`], { encoding: "utf8" });
    expect(inside("tls.key")).toMatch(/^-----BEGIN PRIVATE KEY-----\n(\S+\n)+-----END PRIVATE KEY-----\n$/);
    for (const name of ["tls.key", "tls.crt", "nginx.conf"]) expect(contents.map((content) => content.replaceAll("$$", "$"))).toContain(inside(name));
    expect(readFileSync(join(out, "compose.yaml"), "utf8")).not.toContain("PRIVATE KEY");
  });
});
