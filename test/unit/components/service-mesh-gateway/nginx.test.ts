import { describe, expect, test } from "vitest";
import { shownText } from "../../../../src/core/text.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";
import { connectionTo } from "../../connections.ts";

const web = connectionTo("web", { scheme: "http" });
const next = connectionTo("next", { scheme: "http" });

/** Files of the gateway by name. */
function filesOf(args: object = {}): Record<string, string> {
  const spec = soundSpec("ServiceMeshGateway", "gw", { routes: { web: { to: web } }, ...args });
  return Object.fromEntries(spec.workloads[0]?.files.map(({ path, content }) => [path.split("/").at(-1) ?? "", shownText(content)]) ?? []);
}
const config = (args: object = {}) => filesOf(args)["nginx.conf"] ?? "";
const route = (args: object) => {
  const files = filesOf({ routes: { api: { path: "/api", to: web, ...args } } });
  return `${files["route-api.conf"]}${files["pass-api.conf"]}`;
};
/** The server blocks of a configuration, by their names. */
const serversOf = (text: string) =>
  text
    .split(/^server \{$/m)
    .slice(1)
    .map((body) => ({ listen: /listen (\d+)/.exec(body)?.[1], names: /server_name (.+);/.exec(body)?.[1]?.split(" ") ?? [], body }));

test("blocks are closed, and every included file is there", () => {
  const files = filesOf({
    routes: { web: { to: web }, api: { path: "/api", to: next, cors: { origins: ["https://a.test"] }, rateLimit: { requestsPerSecond: 1 } } },
  });
  for (const text of Object.values(files)) expect(text.split("{").length).toBe(text.split("}").length);
  const included = Object.values(files).flatMap((text) => [...text.matchAll(/include (\S+);/g)].map(([, name]) => name));
  expect(included.length).toBeGreaterThan(5);
  expect(included.filter((name) => !Object.hasOwn(files, name ?? ""))).toEqual([]);
});

describe("TLS", () => {
  test("1.2 and 1.3 unless 1.3 alone is asked for; no version below, no cipher without forward secrecy", () => {
    expect(config()).toMatch(/^ssl_protocols TLSv1\.2 TLSv1\.3;$/m);
    expect(config({ tls: { minVersion: "1.3" } })).toMatch(/^ssl_protocols TLSv1\.3;$/m);
    const ciphers = /ssl_ciphers (\S+);/.exec(config())?.[1]?.split(":") ?? [];
    expect(ciphers.length).toBeGreaterThan(3);
    expect(ciphers.filter((cipher) => !/^ECDHE-(ECDSA|RSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/.test(cipher))).toEqual([]);
  });
  test("certificate and key are what the platform puts in, for its hosts and its own name", () => {
    const development = soundSpec("ServiceMeshGateway", "gw", { hosts: ["shop.test"], routes: { web: { to: web } } });
    expect(filesOf()["tls.key"]).toBe("[key]");
    expect(Object.values(development.secrets).map(({ certificate }) => certificate?.names)).toEqual(
      Array(3).fill(["shop.test", "gw", "localhost", "127.0.0.1"]),
    );
    const given = soundSpec("ServiceMeshGateway", "gw", {
      routes: { web: { to: web } },
      tls: { certificate: { certificate: Promise.resolve(""), key: Promise.resolve("") } },
    });
    expect(Object.keys(given.secrets).toSorted()).toEqual(["certificate", "key"]);
    expect(given.warnings).toEqual([]);
    expect(given.connections.default).toMatchObject({ scheme: "https", tls: true });
    expect(given.connections.default).not.toHaveProperty("ca");
  });
});

describe("servers", () => {
  test("unknown hosts are not routed, and plain HTTP is never", () => {
    const servers = serversOf(config({ hosts: ["a.test"] }));
    const strangers = servers.filter(({ body }) => body.includes("default_server"));
    expect(strangers.map(({ listen }) => listen).toSorted()).toEqual(["8088", "8443"]);
    for (const { body } of strangers) expect(body).not.toMatch(/route-|308/);
    for (const { body } of servers.filter(({ listen }) => listen !== "8443")) expect(body).not.toContain("route-");
    expect(config()).toContain("return 308 https://$host:[outside port https]$request_uri;");
  });
  test("a host with a route of its own has that and the common ones", () => {
    const text = config({
      hosts: ["a.test", "b.test"],
      routes: { web: { to: web }, own: { host: "b.test", to: next }, api: { path: "/api", to: web } },
    });
    const routesOf = (name: string) =>
      serversOf(text)
        .filter(({ listen, names }) => listen === "8443" && names.includes(name))
        .flatMap(({ body }) => [...body.matchAll(/location (?:= |\^~ )?(\/\S*) \{\s+include route-(\w+)/g)].map(([, path, to]) => `${path} ${to}`));
    expect(routesOf("a.test")).toEqual(["/ web", "/api api", "/api/ api"]);
    expect(routesOf("b.test")).toEqual(["/ own", "/api api", "/api/ api"]);
  });
  test("figures are on a port that is not published", () => {
    const { workloads, connections } = soundSpec("ServiceMeshGateway", "gw", { routes: { web: { to: web } } });
    expect(workloads[0]?.ports.status).toEqual({ port: 8089, protocol: "http", published: false });
    expect(connections.status).toMatchObject({ port: "status", path: "/stub_status" });
    expect(
      serversOf(config())
        .filter(({ body }) => body.includes("stub_status"))
        .map(({ listen }) => listen),
    ).toEqual(["8089"]);
  });
});

describe("upstreams", () => {
  test("are asked for again and again, and shared out by connections", () => {
    expect(config()).toMatch(/upstream web \{\s+zone web 64k;\s+least_conn;\s+server web:5432 resolve /);
    expect(config()).toMatch(/^resolver 127\.0\.0\.11 valid=5s ipv6=off;$/m);
  });
  test("of several versions get their shares; one with 0 gets nothing", () => {
    const shares = (weights: object) =>
      /split_clients \$request_id \$version_api \{([^}]*)\}/.exec(config({ routes: { api: { to: { stable: web, canary: next }, weights } } }))?.[1];
    expect(
      shares({ stable: 90, canary: 10 })
        ?.trim()
        .split(/\s*\n\s*/),
    ).toEqual(["90% api.stable;", "* api.canary;"]);
    expect(shares({ stable: 100, canary: 0 })?.trim()).toBe("* api.stable;");
    expect(
      soundSpec("ServiceMeshGateway", "gw", { routes: { api: { to: { stable: web, canary: next }, weights: { stable: 90, canary: 10 } } } }).digest
        .bindings,
    ).toEqual({
      API_STABLE: "web:5432",
      API_CANARY: "next:5432",
    });
  });
});

describe("routes", () => {
  test("limits of rate, body and time", () => {
    const text = config({
      routes: {
        a: { path: "/a", to: web, rateLimit: { requestsPerSecond: 10 } },
        b: { path: "/b", to: web, rateLimit: { requestsPerSecond: 0.5, burst: 3 } },
      },
    });
    expect(text).toContain("zone=limit_a:10m rate=10r/s;");
    expect(text).toContain("zone=limit_b:10m rate=30r/m;");
    expect(route({ rateLimit: { requestsPerSecond: 10 } })).toContain("limit_req zone=limit_api burst=10 nodelay;");
    expect(route({ maxBodyMiB: 12 })).toContain("client_max_body_size 12m;");
    expect(route({ maxBodyMiB: 12 })).not.toContain("proxy_request_buffering");
    expect(route({ maxBodyMiB: 17 })).toContain("proxy_request_buffering off;");
    expect(route({ timeoutSeconds: 7 })).toContain("proxy_read_timeout 7s;");
    expect(route({ timeoutSeconds: 1 })).toContain("proxy_connect_timeout 1s;");
    expect(route({ websocket: true })).toContain("proxy_read_timeout 3600s;");
  });
  test("what may not be repeated is not, and 0 tries once", () => {
    expect(route({})).toContain("proxy_next_upstream_tries 3;");
    expect(route({})).not.toContain("non_idempotent");
    expect(route({ retries: 0 })).toContain("proxy_next_upstream off;");
    expect(route({ retries: 0 })).not.toContain("error_page");
  });
  test("an upgrade goes on only where a route says so", () => {
    expect(route({})).toContain('proxy_set_header Upgrade "";');
    expect(route({ websocket: true })).toContain("proxy_set_header Upgrade $http_upgrade;");
  });
  test("a path is taken off as text, not as a pattern", () => {
    expect(route({ path: "/v1.0", stripPrefix: true })).toContain(String.raw`rewrite ^/v1\.0(?:/(.*))?$ /$1 break;`);
  });
  test("origins are answered by name; every origin never with credentials", () => {
    expect(config({ routes: { api: { to: web, cors: { origins: ["https://a.test"], credentials: true } } } })).toMatch(
      /map \$http_origin \$cors_api \{\s+default "";\s+"https:\/\/a\.test" \$http_origin;/,
    );
    expect(route({ cors: { origins: ["*"] } })).not.toContain("Credentials $");
    expect(route({ cors: { origins: ["https://a.test"], credentials: true } })).toContain("add_header Vary Origin always;");
  });
});

describe("headers", () => {
  const headers = (args: object = {}) => filesOf(args)["headers.conf"] ?? "";
  test("usual ones can be changed and taken away, whatever their case", () => {
    expect(headers()).toContain('add_header X-Content-Type-Options "nosniff" always;');
    const changed = headers({ securityHeaders: { "referrer-policy": "no-referrer", "X-Content-Type-Options": false, "X-Frame-Options": "DENY" } });
    expect(changed).toContain('add_header referrer-policy "no-referrer" always;');
    expect(changed.match(/referrer-policy/gi)).toHaveLength(1);
    expect(changed).not.toContain("X-Content-Type-Options");
    expect(changed).toContain('add_header X-Frame-Options "DENY" always;');
  });
  test("HSTS: a year with a given certificate, nothing for localhost by itself", () => {
    const certificate = { certificate: Promise.resolve(""), key: Promise.resolve("") };
    expect(headers()).not.toContain("Strict-Transport");
    expect(headers({ tls: { certificate } })).toContain('"max-age=31536000"');
    expect(headers({ tls: { certificate }, hsts: false })).not.toContain("Strict-Transport");
    expect(headers({ hsts: { maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: true } })).toContain(
      '"max-age=31536000; includeSubDomains; preload"',
    );
  });
  test("every block with headers of its own includes the common ones", () => {
    const files = filesOf({ routes: { api: { path: "/api", to: web, cors: { origins: ["https://a.test"] } } } });
    const blocks = Object.values(files).flatMap((text) => text.match(/\{[^{}]*add_header[^{}]*\}/g) ?? []);
    expect(blocks.length).toBeGreaterThan(0);
    for (const one of blocks) expect(one).toContain("include headers.conf;");
    expect(files["pass-api.conf"]).toContain("include headers.conf;");
  });
});

test("the log holds no query, and compression can be switched off", () => {
  const format = /log_format requests .*/.exec(config())?.[0] ?? "";
  expect(format).toContain("$request_path");
  expect(format).not.toMatch(/\$request_uri|\$request"|\$args|\$query_string|\$http_referer|\$http_authorization|\$http_cookie/);
  expect(config()).toContain("gzip on;");
  expect(config({ gzip: false })).not.toContain("gzip");
});

test("workers follow the CPUs", () => {
  expect(config({ cpus: 2.5 })).toContain("worker_processes 3;");
  expect(soundSpec("ServiceMeshGateway", "gw", { routes: { web: { to: web } } }, settingsOf({ profile: "staging" })).digest.published).toEqual([
    "http",
    "https",
  ]);
});

test("who is refused is told when there is room again: after a second, or later where less than one request a second is allowed", () => {
  const slow = { path: "/slow", to: web, rateLimit: { requestsPerSecond: 0.1 } };
  const map = /map "[^"]+" \$retry_after \{([^}]+)\}/.exec(config({ routes: { web: { to: web, rateLimit: { requestsPerSecond: 5 } }, slow } }))?.[1];
  expect(map?.trim().split(/\s*\n\s*/)).toEqual(['default "";', String.raw`"~^429\|\|" "1";`, '"429||slow" "10";']);
});
