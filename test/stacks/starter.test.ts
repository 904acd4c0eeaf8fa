import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { containersOf } from "../../src/preview/containers.ts";
import { componentsOf, type Plan, resourcesOfType } from "../../src/preview/plan.ts";
import { portable, recorded } from "../support/recorded.ts";

let plan: Plan;
beforeAll(async () => {
  plan = await recorded();
});

const securityRelevant = ["docker:index/container:Container", "docker:index/network:Network", "docker:index/volume:Volume"];

describe("the starter on Docker, profile dev", () => {
  test("is what was reviewed: all resources, and every input of containers, networks and volumes", async () => {
    const shown = portable(plan);
    const text = stringify({
      resources: shown.resources.map(({ type, name, protect }) => `${type} ${name}${protect ? " (protected)" : ""}`),
      inputs: Object.fromEntries(
        shown.resources.filter(({ type }) => securityRelevant.includes(type)).map(({ name, type, inputs }) => [`${type} ${name}`, inputs]),
      ),
    });
    // The hash of the placeholder's bundle changes with its libraries, which no reviewer of this file can judge.
    await expect(text.replace(/(groundplan-dev-api:)[0-9a-f]{12}/g, "$1<hash>")).toMatchFileSnapshot("starter-dev.plan.yaml");
  });

  test("is the same when it is recorded again", async () => {
    expect(JSON.stringify(await recorded())).toBe(JSON.stringify(plan));
  });

  test("shows no token of a credential", () => {
    const shown = JSON.stringify(portable(plan));
    expect(plan.credentials.map(({ name }) => name)).toEqual([
      "bus-app-password",
      "bus-system-password",
      "cache-app-password",
      "cache-monitor-password",
      "db-app-password",
      "db-monitor-password",
      "db-postgres-password",
    ]);
    for (const { value } of plan.credentials) {
      expect(value).toMatch(/^gptoken[0-9a-f]{25}$/);
      expect(shown).not.toContain(value);
      expect(shown).not.toContain(Buffer.from(value).toString("base64").slice(0, 20));
    }
  });

  test("has every resource below a component, named after it", () => {
    const components = new Map(plan.resources.filter(({ custom }) => !custom).map((component) => [component.urn, component]));
    for (const resource of plan.resources.filter(({ custom }) => custom)) {
      const parent = components.get(resource.parent ?? "");
      expect(parent, resource.name).toBeDefined();
      if (parent?.type !== "groundplan:index:DockerPlatform") expect(resource.name.startsWith(parent?.name ?? "?"), resource.name).toBe(true);
    }
  });

  test("protects the data and the credentials that open it, and nothing else", () => {
    const names = plan.resources.filter(({ protect }) => protect).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...plan.credentials.map(({ name }) => name), "bus-0-data", "cache-data", "db-data", "queue-data"].toSorted());
  });

  test("an isolated copy differs in names, ports and subnets alone", async () => {
    const copy = await recorded({ stack: "dev-two", environment: { GROUNDPLAN_ISOLATION: "two" } });
    const neutral = (text: string) =>
      text
        .replaceAll("dev-two", "dev")
        .replaceAll(/10\.213\.\d+\.\d+\/27/g, "<subnet>")
        .replaceAll(/-files-[0-9a-f]{10}/g, "-files-<hash>")
        .replaceAll(/"isolation":"(two)?"/g, "")
        .replaceAll(/("external":|127\.0\.0\.1:|"port":)(4222|8222|5432|6379|8000|9324|2\d{4}|3[01]\d{3})\b/g, "$1<port>");
    const resources = (of: Plan) => portable(of).resources.map((resource) => ({ ...resource, id: "", outputs: {}, dependencies: [], provider: "" }));
    // Ids of images stand for references and are the same; everything else is compared.
    expect(neutral(JSON.stringify(resources(copy)))).toBe(neutral(JSON.stringify(resources(plan))));
  });
});

describe("every container of the starter", () => {
  test("is confined", () => {
    for (const { resource, inputs, role } of containersOf(plan)) {
      const what = resource.name;
      expect(inputs.capabilities, what).toEqual(role === "owner" ? { drops: ["ALL"], adds: ["CAP_CHOWN"] } : { drops: ["ALL"] });
      expect(inputs.securityOpts, what).toEqual(["no-new-privileges"]);
      expect(inputs.readOnly, what).toBe(role !== "files");
      expect(inputs.privileged, what).toBeUndefined();
      expect(inputs.image, what).not.toMatch(/:latest$|^[^:@]+$/);
      expect(inputs.memory, what).toBeGreaterThan(0);
      expect(inputs.memorySwap, what).toBe(inputs.memory);
      expect(String(inputs.user), what).toMatch(role === "owner" ? /^0:0$/ : /^[1-9]\d*:\d+$/);
      expect(inputs.restart, what).toBe(role === "server" || role === "prober" ? "unless-stopped" : "no");
      expect(
        inputs.labels.map(({ label }) => label),
        what,
      ).toEqual(["component", "engine", "role", "stack"].map((key) => `io.groundplan.${key}`));
    }
  });

  test("publishes on loopback alone, and only from the edge network", () => {
    for (const { inputs } of containersOf(plan).filter(({ inputs }) => (inputs.ports ?? []).length > 0)) {
      expect(inputs.ports?.every(({ ip }) => ip === "127.0.0.1")).toBe(true);
      expect(inputs.networksAdvanced?.map(({ name }) => name)).toContain("groundplan-dev-edge");
    }
  });

  test("is in the networks of what it is bound to, and in no other", () => {
    const members = Object.fromEntries(
      containersOf(plan)
        .filter(({ inputs }) => inputs.networksAdvanced)
        .map(({ resource, inputs }) => [resource.name, inputs.networksAdvanced?.map(({ name }) => name.replace("groundplan-dev-", "")).toSorted()]),
    );
    expect(members).toEqual({
      api: ["api", "bus", "cache", "db", "edge", "queue"],
      "api-check": ["api"],
      "bus-0": ["bus", "edge"],
      "bus-check": ["bus"],
      "bus-streams": ["bus"],
      cache: ["cache", "edge"],
      "cache-check": ["cache"],
      db: ["db", "edge"],
      "db-check": ["db"],
      "db-databases": ["db"],
      queue: ["edge", "queue"],
      "queue-check": ["queue"],
      "queue-queues": ["queue"],
    });
  });

  test("finds names only in the server's own network, which has no way out; the edge lets nothing across or out", () => {
    for (const { resource, inputs } of containersOf(plan)) {
      const named = inputs.networksAdvanced?.filter(({ aliases }) => aliases) ?? [];
      expect(
        named.map(({ name }) => name),
        resource.name,
      ).toEqual(inputs.mustRun === false || named.length === 0 ? [] : [`groundplan-dev-${resource.name.replace(/-0$/, "")}`]);
      expect(inputs.hostname, resource.name).toBeUndefined();
    }
    for (const { name, inputs } of resourcesOfType(plan, "docker:index/network:Network")) {
      expect(inputs.internal, name).toBe(name !== "edge-network");
    }
    expect(resourcesOfType(plan, "docker:index/network:Network").find(({ name }) => name === "edge-network")?.inputs.options).toEqual({
      "com.docker.network.bridge.enable_icc": "false",
      "com.docker.network.bridge.enable_ip_masquerade": "false",
    });
  });

  test("has a component whose digest says what it is bound to", () => {
    expect(Object.fromEntries(componentsOf(plan).map(({ name, outputs }) => [name, outputs.bindings]))).toEqual({
      api: { DATABASE: "db:5432", NATS: "bus:4222", REDIS: "cache:6379", QUEUE: "queue:9324" },
      bus: {},
      cache: {},
      db: {},
      queue: {},
    });
  });
});
