import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseTries, proberJob, triesOf } from "../../../../src/cli/verify/kubernetes-paths.ts";
import { meshProbe, meshTry } from "../../../../src/cli/verify/mesh-probe.ts";
import { serversOf } from "../../../../src/preview/kubernetes.ts";
import { groundSettings, starterOn } from "../../../support/grounds.ts";

/** What a proxy or a server does with a connection, as the program that opens it sees it. */
const peers: Readonly<Record<string, string>> = {
  // Ports with requests.
  answers: "head -c 16 >/dev/null; printf 'HTTP/1.1 404 Not Found\\r\\n\\r\\n'",
  denied: "printf 'HTTP/1.1 403 Forbidden\\r\\n\\r\\nRBAC: access denied'",
  forbids: "printf 'HTTP/1.1 403 Forbidden\\r\\n\\r\\nlog in first'",
  unreached: "printf 'HTTP/1.1 503 Service Unavailable\\r\\n\\r\\nupstream connect error or disconnect'",
  mute: "sleep 9",
  // Others.
  greets: "printf 'INFO {}'",
  waits: "sleep 9",
  cut: "head -c 2 >/dev/null",
  slow: "sleep 5",
};
let bin: string;
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "groundplan-probe-"));
  const cases = Object.entries(peers).map(([name, does]) => `${name}) ${does} ;;`);
  writeFileSync(join(bin, "nc"), `#!/bin/sh\ncase "$1" in\n${cases.join("\n")}\nesac\n`);
  chmodSync(join(bin, "nc"), 0o755);
});
afterAll(() => rmSync(bin, { recursive: true }));

test("a proxy that takes every connection does not make a path look open", { timeout: 60_000 }, async () => {
  const requests = ["answers", "denied", "forbids", "unreached", "mute"].map((host) => meshTry(host, 80, "http"));
  const others = ["greets", "waits", "cut", "slow"].map((host) => meshTry(host, 5432, "tcp"));
  const script = [meshProbe, ...requests, ...others, "wait"].join("\n");
  const { stdout } = await execa("sh", ["-c", script], { env: { PATH: `${bin}:${process.env.PATH}` } });
  expect(Object.fromEntries(parseTries(stdout))).toEqual({
    "answers 80": "open",
    "denied 80": "closed",
    "forbids 80": "open",
    "unreached 80": "closed",
    "mute 80": "closed",
    "greets 5432": "open",
    "waits 5432": "open",
    "cut 5432": "closed",
    "slow 5432": "closed",
  });
});

test("in a mesh the pod is who its client is, and ends", { timeout: 60_000 }, async () => {
  const plan = await starterOn("kubernetes", "dev", { kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh: { mode: "sidecar" } } });
  const [from] = serversOf(plan).filter(({ name }) => name === "api");
  if (!from) throw new Error("no api");
  const { spec } = proberJob(
    from,
    triesOf(plan).filter((entry) => entry.from.name === "api"),
    "toolbox",
    [],
    true,
  );
  expect(spec.template.spec).toMatchObject({ serviceAccountName: "api" });
  expect(spec.template.metadata.annotations).toEqual({ "sidecar.istio.io/nativeSidecar": "true" });
  const command = spec.template.spec.containers[0]?.command[2] ?? "";
  // Kubernetes would read $(...) as a variable.
  expect(command).not.toContain("$(");
  expect(command).toContain("try db 5432 '\\r\\n' &");
  expect(command).toContain("try bus 8222 'GET / HTTP/1.1\\r\\nHost: bus:8222\\r\\nConnection: close\\r\\n\\r\\n' &");
});
