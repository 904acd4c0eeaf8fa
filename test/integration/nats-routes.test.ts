import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routeAddress, serverConfig } from "../../components/nats-cluster/config.ts";
import { imageReference } from "../../src/core/images.ts";
import { shownText } from "../../src/core/text.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { until } from "../support/stack.ts";

const prefix = `groundplan-routes-${process.pid}`;
const domain = "shop.internal";
const nodes = ["bus-0", "bus-1", "bus-2"];
const folder = "/etc/groundplan";

/** Nodes as on AWS: on a network with others, each with a certificate for its full name. */
describeDocker("routes between nodes that prove their names", () => {
  const work = mkdtempSync(join(tmpdir(), "groundplan-routes-"));
  const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8", stdio: "pipe" });
  const container = (node: string) => `${prefix}-${node}`;
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: work, stdio: "pipe" });
  const logOf = (node: string) => execFileSync("sh", ["-c", `docker logs ${container(node)} 2>&1`], { encoding: "utf8" });
  const ask = (node: string, path: string) => JSON.parse(docker("exec", container(node), "wget", "-qO-", `http://127.0.0.1:8222${path}`));

  function certificate(node: string, name: string): void {
    const own = join(work, node);
    mkdirSync(own);
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${node}/route-key.pem`];
    openssl("req", ...key, "-out", `${node}.csr`, "-subj", `/CN=${node}`);
    writeFileSync(join(work, `${node}.ext`), `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth,clientAuth\nkeyUsage=digitalSignature\n`);
    const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
    openssl("x509", "-req", "-in", `${node}.csr`, ...by, "-out", `${node}/route.pem`, "-extfile", `${node}.ext`);
    const config = serverConfig({ name: "bus", replicas: 3, memoryMiB: 256, storageGiB: 1, maxPayloadKiB: 1024, apart: { domain, folder } });
    writeFileSync(join(own, "nats.conf"), shownText(config).replaceAll(/\[(app|system|route)\]/g, "$1"));
    execFileSync("sh", ["-c", `cp ca.pem ${node}/route-ca.pem && chmod -R a+rX ${node} .`], { cwd: work });
  }

  /** Starts a node with the files of another one, or with its own. */
  function start(node: string, files = node): void {
    const env = ["--env", `SERVER_NAME=${node}`, "--env", `${routeAddress}=${node}.${domain}:6222`];
    const place = ["--network", prefix, "--network-alias", `${node}.${domain}`, "--volume", `${join(work, files)}:${folder}:ro`];
    const confined = ["--user", "1000:1000", "--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp", "--tmpfs", "/data:uid=1000,gid=1000"];
    const image = imageReference({ table: "nats" }, mirror ? { mirror } : {});
    docker("run", "--detach", "--name", container(node), ...place, ...confined, ...env, image, "nats-server", "--config", `${folder}/nats.conf`);
  }

  beforeAll(() => {
    docker("network", "create", prefix);
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key"];
    openssl("req", "-x509", ...key, "-out", "ca.pem", "-days", "2", "-subj", "/CN=routes");
    for (const node of nodes) certificate(node, `${node}.${domain}`);
    for (const node of nodes) start(node);
  });
  afterAll(() => {
    docker("rm", "--force", "--volumes", ...nodes.map(container));
    docker("network", "rm", prefix);
    rmSync(work, { recursive: true });
  });

  test("are made, and no node is looked for under an address, for which no certificate holds", async () => {
    await until("the cluster", 60, async () => nodes.every((node) => ask(node, "/healthz").status === "ok"));
    for (const node of nodes) {
      const others = new Set((ask(node, "/routez").routes as { remote_name: string }[]).map(({ remote_name }) => remote_name));
      expect([...others].toSorted()).toEqual(nodes.filter((other) => other !== node));
    }
    // What a node learns from another it tries at once.
    await new Promise((later) => setTimeout(later, 3000));
    for (const node of nodes) expect(logOf(node)).not.toContain("handshake error");
  });

  test("a node with a certificate for another name does not get in", async () => {
    certificate("stranger", "bus-9.elsewhere.internal");
    docker("rm", "--force", container("bus-2"));
    start("bus-2", "stranger");
    await until("the refusal", 30, async () => /valid for bus-9\.elsewhere\.internal/.test(logOf("bus-0")));
  });

  test("a node that speaks plain text does not get in, whatever it knows", async () => {
    execFileSync("sh", ["-c", "cp -r bus-2 plain && chmod u+w plain/nats.conf"], { cwd: work });
    const config = readFileSync(join(work, "plain", "nats.conf"), "utf8");
    const plain = config.replace(/^ {2}tls \{[^}]*\}\n/m, "");
    expect(plain).not.toBe(config);
    writeFileSync(join(work, "plain", "nats.conf"), plain);
    docker("rm", "--force", container("bus-2"));
    start("bus-2", "plain");
    await until(
      "the refusal",
      30,
      async () => /TLS route handshake error/.test(logOf("bus-0")) && /Router connection closed|parser/i.test(logOf("bus-2")),
    );
    const routes = ask("bus-0", "/routez").routes as { remote_name: string }[];
    expect([...new Set(routes.map(({ remote_name }) => remote_name))]).toEqual(["bus-1"]);
  });
});
