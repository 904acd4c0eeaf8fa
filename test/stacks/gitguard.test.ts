import { beforeAll, describe, expect, test } from "vitest";
import { labelKeys } from "../../src/core/labels.ts";
import { containersOf, type PlanContainer } from "../../src/preview/containers.ts";
import { componentsOf, type Plan, resourcesOfType } from "../../src/preview/plan.ts";
import { allowedOnDocker } from "../support/allowed/docker.ts";
import { recorded } from "../support/recorded.ts";

const images = { "guard-api": "registry.example/guard/api:1.0.0", "guard-codex": "registry.example/guard/codex:1.0.0" };
const onDocker = (settings: object = {}) => recorded({ settings: { topology: "gitguard", target: "docker", profile: "dev", images, ...settings } });

let plan: Plan;
beforeAll(async () => {
  plan = await onDocker();
});

const container = (part: string, of: Plan = plan): PlanContainer => {
  const found = containersOf(of).find(({ resource }) => resource.name === part);
  if (!found) throw new Error(`no container ${part}; there are ${containersOf(of).map(({ resource }) => resource.name)}`);
  return found;
};
const envOf = (part: string, of: Plan = plan): Record<string, string> =>
  Object.fromEntries((container(part, of).inputs.envs ?? []).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
/** Names that are not those of telemetry, which every service has, or of the runtime. */
const namesOf = (part: string) =>
  Object.keys(envOf(part))
    .filter((name) => !name.startsWith("OTEL_") && name !== "NODE_OPTIONS")
    .toSorted();

describe("what each service is told", () => {
  test("guard-api", () => {
    expect(namesOf("guard-api")).toEqual(["CODEX_URL", "DATABASE_URL", "NATS_URL", "OPA_URL", "REDIS_URL", "TEMPORAL_ADDRESS"]);
    expect(envOf("guard-api")).toMatchObject({
      CODEX_URL: "http://guard-codex:8010",
      OPA_URL: "http://opa:8181/v1/data/repo/guard",
      TEMPORAL_ADDRESS: "temporal:7233",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://telemetry-collector:4318",
    });
    expect(envOf("guard-api").DATABASE_URL).toMatch(/^postgres:\/\/guard:.+@postgres:5432\/guard$/);
    expect(envOf("guard-api").NATS_URL).toMatch(/^nats:\/\/app:.+@nats:4222$/);
    expect(envOf("guard-api").REDIS_URL).toMatch(/^redis:\/\/app:.+@redis:6379$/);
  });

  test("guard-codex, which has the repository read-only and a way out", () => {
    expect(namesOf("guard-codex")).toEqual(["CODEX_DOCS_DIR", "CODEX_PORTAL_SITE_DIR", "TEMPORAL_HOST"]);
    expect(envOf("guard-codex").TEMPORAL_HOST).toBe("temporal:7233");
    const bound = container("guard-codex").inputs.volumes?.filter(({ hostPath }) => hostPath !== undefined);
    expect(bound).toEqual([expect.objectContaining({ containerPath: "/repository", readOnly: true })]);
    // Not with the keys and the state of the environments, which are below it.
    expect(container("guard-codex").inputs.tmpfs).toHaveProperty(["/repository/.groundplan"]);
    expect(container("guard-api").inputs.tmpfs).not.toHaveProperty(["/repository/.groundplan"]);
    expect(container("guard-codex").inputs.networksAdvanced?.map(({ name }) => name)).toContain("groundplan-dev-egress");
  });

  test("the services are told no namespace: clients take the one called default, and that is the one that there is", () => {
    for (const part of ["guard-api", "guard-codex"]) expect(namesOf(part)).not.toContain("TEMPORAL_NAMESPACE");
    const [temporal] = componentsOf(plan).filter(({ name }) => name === "temporal");
    expect(Object.keys(temporal?.outputs.connections as object)).toContain("namespace/default");
  });

  test("codex-trigger", () => {
    expect(namesOf("codex-trigger")).toEqual(["NATS_URL", "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"]);
    expect(envOf("codex-trigger")).toMatchObject({ TEMPORAL_ADDRESS: "temporal:7233", TEMPORAL_NAMESPACE: "default" });
  });

  test("the repository is writable when the stack file says so", async () => {
    const writable = await onDocker({ components: { "guard-codex": { mounts: { repository: { writable: true } } } } });
    expect(container("guard-codex", writable).inputs.volumes?.find(({ hostPath }) => hostPath)).toMatchObject({ readOnly: false });
  });
});

test("ports on 127.0.0.1 in dev are those of the systems themselves, and nothing listens elsewhere", () => {
  const published = containersOf(plan).flatMap(({ inputs, resource }) =>
    (inputs.ports ?? []).map(({ external, ip }) => `${resource.name} ${ip}:${external}`),
  );
  expect(published.toSorted()).toEqual(
    [
      "nats-0 127.0.0.1:4222",
      "nats-0 127.0.0.1:8222",
      "postgres 127.0.0.1:5432",
      "redis 127.0.0.1:6379",
      "temporal 127.0.0.1:7233",
      "temporal-ui 127.0.0.1:8233",
      "opa 127.0.0.1:8181",
      "guard-api 127.0.0.1:8000",
      "telemetry-collector 127.0.0.1:24224",
      "telemetry-prometheus 127.0.0.1:9090",
      "telemetry-grafana 127.0.0.1:3000",
      "gateway 127.0.0.1:8088",
      "gateway 127.0.0.1:8443",
    ].toSorted(),
  );
});

test("all networks lie apart from each other in the default pool", () => {
  const subnets = resourcesOfType(plan, "docker:index/network:Network").map(
    ({ inputs }) => (inputs.ipamConfigs as { subnet: string }[])[0]?.subnet ?? "",
  );
  expect(subnets.length).toBeGreaterThan(15);
  const ranges = subnets.map(range).toSorted((a, b) => a.first - b.first);
  for (const [index, { first, last }] of ranges.entries()) {
    expect(first).toBeGreaterThanOrEqual(range("10.213.0.0/16").first);
    expect(last).toBeLessThanOrEqual(range("10.213.0.0/16").last);
    expect(first).toBeGreaterThan(ranges[index - 1]?.last ?? 0);
  }
});

test("who may connect to whom is what the topology says, workload by workload", () => {
  const declared = componentsOf(plan).flatMap(({ outputs }) =>
    Object.entries((outputs.reaches ?? {}) as Record<string, string[]>).flatMap(([from, targets]) =>
      targets.map((to) => `${from} -> ${to.replace(/:\d+$/, "")}`),
    ),
  );
  expect(declared.length).toBeGreaterThan(20);
  expect(allowedOnDocker(plan).toSorted()).toEqual([...new Set(declared)].toSorted());
});

test("the logs of all servers go to the collector, but for those of telemetry itself", () => {
  for (const { inputs, component, role, resource } of containersOf(plan).filter((each) => each.role === "server")) {
    const expected = component === "telemetry" ? "json-file" : "fluentd";
    expect(inputs.logDriver, `${role} ${resource.name}`).toBe(expected);
    if (expected === "fluentd") {
      expect(inputs.logOpts).toMatchObject({
        "fluentd-address": "127.0.0.1:24224",
        "fluentd-async": "true",
        "fluentd-buffer-limit": "16384",
        tag: expect.stringMatching(`^${component}/`),
      });
    }
  }
});

test("everything is watched: what has no figures is asked for its health", () => {
  const uploads = containersOf(plan).flatMap(({ inputs }) => inputs.uploads ?? []);
  const file = uploads.find((one) => one.file.endsWith("/prometheus.yaml"));
  const jobs = (JSON.parse(file?.content ?? "{}") as { scrape_configs: { job_name: string; static_configs: { labels: object }[] }[] }).scrape_configs;
  const watched = componentsOf(plan).map(({ name }) => name);
  expect(watched.filter((name) => name !== "telemetry" && !jobs.some(({ job_name }) => job_name === name))).toEqual([]);
  expect(jobs.find(({ job_name }) => job_name === "guard-codex")?.static_configs).toMatchObject([
    { targets: ["telemetry-blackbox:9115"], labels: { instance: "guard-codex", __param_target: "http://guard-codex:8010/health" } },
  ]);
});

test("no container has the daemon's socket, a privilege, or a writable root", () => {
  for (const { inputs, resource } of containersOf(plan).filter((each) => each.role !== "files")) {
    expect(JSON.stringify(inputs.volumes ?? []), resource.name).not.toContain("docker.sock");
    expect(inputs.privileged ?? false, resource.name).toBe(false);
    expect(inputs.readOnly, resource.name).toBe(true);
    expect(
      inputs.labels.some(({ label }) => label === labelKeys.component),
      resource.name,
    ).toBe(true);
  }
});

test("staging runs beside dev on one daemon: no port, no name and no subnet of one is the other's", async () => {
  const staging = await recorded({ stack: "staging", settings: { ...(await settingsFor("staging")) } });
  const wants = (of: Plan) => [
    ...containersOf(of).flatMap(({ inputs }) => [inputs.name, ...(inputs.ports ?? []).map(({ external }) => `port ${external}`)]),
    ...resourcesOfType(of, "docker:index/network:Network").flatMap(({ inputs }) => [String(inputs.name), JSON.stringify(inputs.ipamConfigs)]),
    ...resourcesOfType(of, "docker:index/volume:Volume").map(({ inputs }) => String(inputs.name)),
  ];
  const dev = new Set(wants(plan));
  expect(wants(staging).filter((want) => dev.has(want))).toEqual([]);
  expect(wants(staging)).toEqual(expect.arrayContaining(["port 5433", "port 4223", "port 8444"]));
  expect(envOf("guard-api-0", staging).LOG_LEVEL).toBe("debug");
  expect([...new Set(resourcesOfType(staging, "docker:index/image:Image").map(({ name }) => name))].toSorted()).toEqual([
    "image-codex-trigger",
    "image-guard-api",
    "image-guard-codex",
  ]);
});

describe.each(["staging", "prod"] as const)("profile %s", (profile) => {
  test("has three NATS nodes and streams in three copies", async () => {
    const guarded = await onDocker({ ...(await settingsFor(profile)) });
    expect(containersOf(guarded).filter(({ component, role }) => component === "nats" && role === "server")).toHaveLength(3);
    const uploads = containersOf(guarded).flatMap(({ inputs }) => inputs.uploads ?? []);
    const stream = uploads.find(({ file }) => file.endsWith("stream-GH.json"));
    expect(JSON.parse(stream?.content ?? "{}")).toMatchObject({ num_replicas: 3, subjects: ["gh.>"] });
  });
});

/** The settings of the repository's own stack file. */
async function settingsFor(profile: "staging" | "prod"): Promise<object> {
  const { readFileSync } = await import("node:fs");
  const { parse } = await import("yaml");
  const file = new URL(`../../Pulumi.${profile}-docker.yaml`, import.meta.url);
  return (parse(readFileSync(file, "utf8")) as { config: Record<string, object> }).config["groundplan:stack"] ?? {};
}

/** First and last address of a subnet. */
function range(subnet: string): { first: number; last: number } {
  const [address = "", bits = "32"] = subnet.split("/");
  const first = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}
