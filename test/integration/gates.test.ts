import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { containersOf, type PlanContainer } from "../../src/preview/containers.ts";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { ran } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** The starter, a service whose image knows no program, keeps data, and has a service behind it, and a database that nothing is bound to. */
const topology = `
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  const bus = new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"] } } });
  const cache = new RedisCache("cache", { platform });
  const bindings = { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection };
  new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings });
  const search = new AppService("search", {
    platform, image: "docker.io/acme/search:1.0.0", ports: { http: 9200 }, health: http("/"), volumes: { index: { path: "/index" } },
  });
  new PostgresDb("audit", { platform, databases: { log: {} } });
  new AppService("web", { platform, ports: { http: 8000 }, health: http("/health"), bindings: { SEARCH: search.connection } });
  return {};`;

interface Service {
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** What must be so before each container starts, worked out from roles, bindings and mounts alone. */
function gatesOf(plan: Plan, prefix: string): string[] {
  const all = containersOf(plan);
  const bound = new Map(componentsOf(plan).map(({ name, outputs }) => [name, systemsOf(outputs.bindings)]));
  const having = (component: string, ...roles: string[]) => all.filter((c) => c.component === component && roles.includes(c.role));
  const healthy = (c: PlanContainer) => `${c.inputs.name} ${c.inputs.healthcheck ? "service_healthy" : "service_started"}`;
  const done = (c: PlanContainer) => `${c.inputs.name} service_completed_successfully`;
  const serving = (component: string) => having(component, "server", "prober").map(healthy);
  const gates = (container: PlanContainer): string[] => {
    const mounted = (container.inputs.volumes ?? []).map(({ volumeName }) => volumeName);
    const prepares = ({ role, inputs }: PlanContainer) =>
      (role === "files" || role === "owner") && (inputs.volumes ?? []).some(({ volumeName }) => mounted.includes(volumeName));
    const prepared = all.filter(prepares).map(done);
    switch (container.role) {
      case "server":
        return [...prepared, ...(bound.get(container.component) ?? []).flatMap((to) => [...serving(to), ...having(to, "job").map(done)])];
      case "job":
        return [...prepared, ...serving(container.component)];
      case "prober":
        return having(container.component, "server").map(healthy);
      case "check":
        return prepared;
      default:
        return [];
    }
  };
  const edges = all.flatMap((container) => gates(container).map((gate) => `${container.inputs.name} <- ${gate}`));
  // What no part waits for, the whole waits for.
  const loose = all.filter((job) => job.role === "job" && !edges.some((edge) => edge.endsWith(` <- ${done(job)}`)));
  return [...edges, ...loose.map((job) => `${prefix}-jobs <- ${done(job)}`)].toSorted();
}

const systemsOf = (bindings: unknown) => Object.values((bindings ?? {}) as Record<string, string>).map((to) => to.split(":")[0] ?? "");

describe("gates of a rendered stack", () => {
  let project: TempProject;
  beforeAll(() => {
    project = tempProject("ig");
    project.topology(topology);
  });
  afterAll(() => project.remove());

  test("are those of the plan's bindings and jobs: not one missing, not one more", async () => {
    const plan = JSON.parse(await ran(project, ["preview", "dev", "--json"])) as Plan;
    await ran(project, ["render", "dev", "--output", "rendered"]);
    const { services } = parse(readFileSync(join(project.root, "rendered", "compose.yaml"), "utf8")) as { services: Record<string, Service> };
    const rendered = Object.entries(services).flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on).map(([other, { condition }]) => `${name} <- ${other} ${condition}`),
    );
    expect(rendered.toSorted()).toEqual(gatesOf(plan, project.prefix));
    const part = (name: string) => `${project.prefix}-${name}`;
    const of = (name: string) => rendered.filter((gate) => gate.startsWith(`${part(name)} <- `)).map((gate) => gate.split(" <- ")[1]);
    expect(of("web")).toEqual(expect.arrayContaining([`${part("search-prober")} service_healthy`]));
    expect(of("api")).toEqual(expect.arrayContaining([`${part("db-databases")} service_completed_successfully`, `${part("db")} service_healthy`]));
    expect(of("jobs")).toEqual([`${part("audit-databases")} service_completed_successfully`]);
  });
});
