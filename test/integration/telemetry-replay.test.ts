import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { checksOf, podMakersOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { recorded, repository } from "../support/recorded.ts";
import { type Replay, replay } from "../support/replay.ts";
import { dataOf, docker } from "../support/replay-volumes.ts";

const toolbox = imageReference({ table: "toolbox" }, mirror ? { mirror } : {});
const namespace = "groundplan-staging";
const uid = "49cc7c1f-d370-4c4d-a1b4-2b1d0b1c1c0";
const now = () => new Date().toISOString().replace("Z", "000000Z");

/** Files as a runtime writes them: a time, the stream, whether the line is whole, and the line. */
const logs: Readonly<Record<string, () => string>> = {
  [`${namespace}_api-6d9f7c8b5-x2x2x_${uid}1/api/0.log`]: () =>
    `${now()} stdout F {"level":"warn","msg":"from the api","trace_id":"0af7651916cd43dd8448eb211c80319c"}\n${now()} stderr P half a line \n${now()} stderr F and the rest\n`,
  [`${namespace}_bus-1_${uid}2/bus/0.log`]: () => `${now()} stdout F from the bus\n`,
  [`${namespace}_stranger-0_${uid}3/stranger/0.log`]: () => `${now()} stdout F from a stranger\n`,
  [`${namespace}_telemetry-loki-0_${uid}4/telemetry-loki/0.log`]: () => `${now()} stdout F from the stack itself\n`,
  [`elsewhere_api-0_${uid}5/api/0.log`]: () => `${now()} stdout F of another namespace\n`,
};

describeDocker("the parts of a stack on Kubernetes, profile staging, as containers", () => {
  let plan: Plan;
  let played: Replay;
  const agent = () => `${played.network}-agent`;

  beforeAll(async () => {
    plan = await recorded({
      stack: "staging",
      program: join(repository, "test", "fixtures", "watched.ts"),
      environment: { GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" },
      settings: {
        topology: "watched",
        target: "kubernetes",
        profile: "staging",
        images: { api: "groundplan-lab/echo:1" },
        components: { api: { env: { PORT: "8000" } } },
        kubernetes: { context: "lab", storageClass: "standard" },
      },
    });
    played = replay(plan, toolbox);
  });
  afterAll(() => played?.remove());

  test("every server becomes healthy by its own probes", async () => {
    await played.up();
    // What is asked, or hands on, has two copies; what keeps something has one.
    expect([...played.pods()].filter((pod) => pod.startsWith("telemetry-")).toSorted()).toEqual([
      "telemetry-alertmanager-0",
      "telemetry-blackbox-x0",
      "telemetry-blackbox-x1",
      "telemetry-collector-x0",
      "telemetry-collector-x1",
      "telemetry-exporter-bus-x0",
      "telemetry-exporter-bus-x1",
      "telemetry-exporter-cache-x0",
      "telemetry-exporter-cache-x1",
      "telemetry-exporter-db-x0",
      "telemetry-exporter-db-x1",
      "telemetry-grafana-0",
      "telemetry-loki-0",
      "telemetry-prometheus-0",
    ]);
  });

  test("the agent takes the lines of the stack's pods to the store, under the names of their components", async () => {
    await startAgent();
    // The stream is the component, the replica and the level stand beside it.
    const found = await untilFound('{service_name=~".+"}', 4);
    const lines = found.map(({ stream, line }) => [stream.service_name, stream.container_name, line]);
    expect(lines.toSorted()).toEqual([
      ["api", "api-6d9f7c8b5-x2x2x", "half a line and the rest"],
      ["api", "api-6d9f7c8b5-x2x2x", expect.stringContaining("from the api")],
      ["bus", "bus-1", "from the bus"],
      ["unobserved", "stranger-0", "from a stranger"],
    ]);
    const traced = found.find(({ line }) => line.includes("from the api"));
    expect(traced?.stream).toMatchObject({ trace_id: "0af7651916cd43dd8448eb211c80319c", severity_text: "warn" });
  });

  test("the policy server reads its bundle from behind the links of a pod, with the revision that it has", async () => {
    const url = `http://opa.${namespace}.svc.cluster.local:8181/v1/data/system/bundles`;
    const answer = await docker(["exec", `${played.network}-kubelet`, "wget", "-q", "-O", "-", url]);
    expect(answer).toMatch(/"revision":"[0-9a-f]{64}"/);
  });

  test("every check of verify passes", async () => {
    const ended = await played.checks();
    expect(Object.keys(ended)).toHaveLength(checksOf(plan).length);
    expect(Object.entries(ended).filter(([, { code }]) => code !== 0)).toEqual([]);
  });

  /** The agent as its manifest says, on a node that has these files. */
  async function startAgent(): Promise<void> {
    const maker = podMakersOf(plan).find(({ kind }) => kind === "DaemonSet");
    const [container] = maker?.pod.containers ?? [];
    const volume = maker?.pod.volumes?.find(({ configMap }) => configMap);
    if (!maker || !container || !volume?.configMap) throw new Error("no agent in the plan");
    const folder = mkdtempSync(join(tmpdir(), "groundplan-agent-"));
    const label = `io.groundplan.replay=${played.network}`;
    const [node, config] = [`${played.network}-node`, `${played.network}-agent-files`];
    try {
      for (const [path, content] of Object.entries(logs)) write(join(folder, "node", path), content());
      for (const [path, content] of Object.entries(dataOf(plan, "ConfigMap", volume.configMap.name))) write(join(folder, "config", path), content);
      await fill(node, join(folder, "node"), label, "chown -R 0:0 /v && find /v -type f -exec chmod 640 {} +");
      await fill(config, join(folder, "config"), label, "chmod 644 /v/*");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const mounted = (name: string) => container.volumeMounts?.find((mount) => mount.name === name)?.mountPath ?? "";
    const { runAsUser, runAsGroup } = maker.pod.securityContext ?? {};
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
    await docker([
      ...["run", "--detach", "--name", agent(), "--label", label, "--network", played.network, "--user", `${runAsUser}:${runAsGroup}`],
      ...["--cap-drop", "ALL", "--read-only", "--security-opt", "no-new-privileges", "--tmpfs", `${mounted("positions")}:mode=777`],
      ...["--mount", `type=volume,source=${node},target=${mounted("pod-logs")},readonly`],
      ...["--mount", `type=volume,source=${config},target=${mounted("groundplan-files")},readonly`],
      ...[container.image, ...(container.args ?? [])],
    ]);
  }

  function write(path: string, content: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  async function fill(volume: string, folder: string, label: string, then: string): Promise<void> {
    await docker(["volume", "create", "--label", label, volume]);
    const helper = await docker(["create", "--label", label, "--volume", `${volume}:/v`, "--user", "0:0", "--entrypoint", "sh", toolbox, "-c", then]);
    await docker(["cp", `${folder}/.`, `${helper}:/v`]);
    await docker(["start", "--attach", helper]);
    await docker(["rm", "--force", helper]);
  }

  interface Found {
    readonly stream: Readonly<Record<string, string>>;
    readonly line: string;
  }

  async function untilFound(query: string, count: number): Promise<Found[]> {
    const url = `http://telemetry-loki.${namespace}.svc.cluster.local:3100/loki/api/v1/query_range?limit=100&query=${encodeURIComponent(query)}`;
    let found: Found[] = [];
    for (const deadline = Date.now() + 60_000; Date.now() < deadline && found.length < count; await new Promise((r) => setTimeout(r, 1000))) {
      const answer = await docker(["exec", `${played.network}-kubelet`, "wget", "-q", "-O", "-", url]).catch(() => "{}");
      const { data } = JSON.parse(answer) as { data?: { result: { stream: Record<string, string>; values: [string, string][] }[] } };
      found = (data?.result ?? []).flatMap(({ stream, values }) => values.map(([, line]) => ({ stream, line })));
    }
    return found;
  }
});
