import { beforeAll, describe, expect, test } from "vitest";
import type { Kubectl } from "../../../../src/cli/kubernetes/kubectl.ts";
import { kubernetesPaths, parseTries, proberJob, triesOf } from "../../../../src/cli/verify/kubernetes-paths.ts";
import { serversOf } from "../../../../src/preview/kubernetes.ts";
import type { Plan } from "../../../../src/preview/plan.ts";
import { recorded } from "../../../support/recorded.ts";
import { planWith, resource } from "../../preview/plans.ts";

const bound = ["api -> bus:4222", "api -> cache:6379", "api -> db:5432", "api -> queue:9324"];
let plan: Plan;
beforeAll(async () => {
  plan = await recorded({ settings: { target: "kubernetes", kubernetes: { context: "lab", registry: "registry.example/acme" } } });
}, 60_000);

/** A cluster whose pods print what `said` gives for a manifest of a Job. */
function cluster(said: (command: string) => string | undefined): Kubectl {
  const logs = new Map<string, string | undefined>();
  return {
    cluster: { context: "lab", server: "", kubeconfig: "" },
    namespace: "n",
    async run(args, input) {
      if (args[0] === "create") {
        const { metadata, spec } = JSON.parse(input ?? "");
        logs.set(`job/${metadata.name}`, said(spec.template.spec.containers[0].command[2]));
        return "";
      }
      return JSON.stringify({ status: { conditions: [{ type: "Complete", status: "True" }] } });
    },
    try: async (args) => logs.get(args[1] ?? ""),
    list: async () => [],
  };
}

/** What pods print in a cluster that opens these paths. */
const opening = (open: (to: string, port: string) => boolean) => (command: string) =>
  [...command.matchAll(/echo (\S+) (\d+) open/g)].map(([, to = "", port = ""]) => `${to} ${port} ${open(to, port) ? "open" : "closed"}`).join("\n");

describe("paths on a cluster", () => {
  test("every ordered pair of workloads and port is tried, and the bound ones are the bindings", () => {
    const tries = triesOf(plan);
    expect(
      tries
        .filter((entry) => entry.bound)
        .map(({ from, to, port }) => `${from.name} -> ${to.name}:${port}`)
        .toSorted(),
    ).toEqual(bound);
    expect(new Set(tries.map(({ from, to }) => `${from.name} ${to.name}`)).size).toBe(5 * 4);
    expect(tries.map(({ to, port }) => `${to.name}:${port}`)).toContain("bus:8222");
  });

  test("workloads of one system are bound by port, as their own list says", () => {
    const system = resource(
      "groundplan:index:Some",
      "telemetry",
      {},
      {
        urn: "urn:telemetry",
        custom: false,
        outputs: { kind: "Some", reaches: { "telemetry-store": [], "telemetry-board": ["telemetry-store:9090"] } },
      },
    );
    const server = (name: string, ...ports: number[]) => {
      const spec = { template: { spec: { containers: [{ ports: ports.map((containerPort) => ({ containerPort })) }] } } };
      return resource("kubernetes:apps/v1:Deployment", name, { kind: "Deployment", metadata: { name }, spec }, { parent: system.urn });
    };
    const tries = triesOf(planWith([system, server("telemetry-store", 9090, 4317), server("telemetry-board", 3000)]));
    expect(tries.map(({ from, to, port, bound }) => `${from.name} -> ${to.name}:${port} ${bound}`)).toEqual([
      "telemetry-store -> telemetry-board:3000 false",
      "telemetry-board -> telemetry-store:9090 true",
      "telemetry-board -> telemetry-store:4317 false",
    ]);
  });

  test("open exactly when bound is as planned; a path too many or too few is a finding", async () => {
    const run = async (open: (to: string, port: string) => boolean) =>
      (await kubernetesPaths(cluster(opening(open)), plan, "toolbox", [])).rows
        .filter(({ ok }) => !ok)
        .map(({ from, to, port }) => `${from} -> ${to}:${port}`);
    expect((await run(() => false)).toSorted()).toEqual(bound);
    expect(await run(() => true)).not.toContain("api -> db:5432");
    expect(await run(() => true)).toContain("cache -> db:5432");
  });

  test("a pod that left no log, or half of one, tells nothing", async () => {
    const { rows, silent } = await kubernetesPaths(
      cluster(() => undefined),
      plan,
      "toolbox",
      [],
    );
    expect({ rows, silent: silent.toSorted() }).toEqual({ rows: [], silent: ["api", "bus", "cache", "db", "queue"] });
    expect(
      (
        await kubernetesPaths(
          cluster(() => "db 5432 open"),
          plan,
          "toolbox",
          [],
        )
      ).rows,
    ).toEqual([]);
    expect(parseTries("warning: x\ndb 5432 open\ndb 1 maybe\n")).toEqual(new Map([["db 5432", "open"]]));
  });

  test("the pod counts as its client, is admitted, and never becomes ready", () => {
    const [from] = serversOf(plan).filter(({ name }) => name === "api");
    if (!from) throw new Error("no api");
    const { spec, labels } = proberJob(
      from,
      triesOf(plan).filter((entry) => entry.from.name === "api"),
      "toolbox",
      ["ghcr"],
    );
    expect(labels).toEqual(from.podLabels);
    expect(spec.template.metadata.labels).toEqual(from.podLabels);
    expect(spec.template.spec).toMatchObject({
      imagePullSecrets: [{ name: "ghcr" }],
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        { readinessProbe: { exec: { command: ["false"] } }, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
      ],
    });
    // Kubernetes would read $(...) as a variable.
    expect(spec.template.spec.containers[0]?.command[2]).not.toContain("$(");
  });
});
