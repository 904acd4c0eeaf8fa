import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { focusedOn, graphOf } from "../../../src/preview/graph.ts";
import { renderDot } from "../../../src/preview/render/dot.ts";
import { renderMermaid } from "../../../src/preview/render/mermaid.ts";
import { renderSvg } from "../../../src/preview/render/svg.ts";
import { container, resource } from "./plans.ts";

interface Facts {
  readonly kind?: string;
  readonly bindings?: Readonly<Record<string, string>>;
  readonly reaches?: Readonly<Record<string, readonly string[]>>;
  readonly egress?: readonly string[];
  readonly published?: readonly string[];
  readonly replicas?: number;
  readonly storageGiB?: number;
  readonly connections?: Readonly<Record<string, object>>;
}

const component = (name: string, facts: Facts = {}) =>
  resource("groundplan:index:Any", name, {}, { custom: false, outputs: { kind: "AppService", bindings: {}, reaches: { [name]: [] }, ...facts } });

const planOf = (...resources: ReturnType<typeof resource>[]) => ({ project: "shop", stack: "dev", resources });

const shop = planOf(
  component("api", {
    bindings: { DATABASE: "db:5432", REPORTS: "db:5432", PAY: "ledger:7000" },
    reaches: { api: ["db:5432", "ledger:7000"] },
    egress: ["api.stripe.com:443"],
    replicas: 2,
    connections: { http: { scheme: "http", host: "api", port: 8000, external: "127.0.0.1:8000" } },
  }),
  component("db", {
    kind: "PostgresDb",
    storageGiB: 5,
    connections: { app: { scheme: "postgres", host: "db", port: 5432, credential: "db-app-password", workload: "db" } },
  }),
  component("telemetry", {
    kind: "ObservabilityStack",
    bindings: { METRICS_API: "api:8080" },
    reaches: { "telemetry-prometheus": ["api:8080", "telemetry-collector:4318"], "telemetry-collector": [] },
  }),
  container("db-databases", "job"),
);

describe("a graph", () => {
  test("of a small plan, as Mermaid", () => {
    expect(renderMermaid(graphOf(shop)).split("\n")).toEqual([
      "flowchart LR",
      '  n0[("db<br/>PostgresDb")]',
      '  n1["api<br/>AppService, 2 replicas<br/>http://127.0.0.1:8000"]',
      '  n2["telemetry<br/>ObservabilityStack"]',
      '  n3{{"db-databases"}}',
      '  n4(["api.stripe.com:443"])',
      '  n5(["ledger:7000"])',
      '  n1 -->|"postgres 5432"| n0',
      '  n1 -->|"tcp 7000"| n5',
      "  n1 -.-> n4",
      '  n2 -.->|"tcp 8080"| n1',
      '  n0 -.-|"gate"| n3',
    ]);
  });

  test("has the names of all bindings that an edge stands for, and none to itself", () => {
    const { edges } = graphOf(shop);
    expect(edges.find(({ from, to }) => from === "api" && to === "db")).toMatchObject({ names: ["DATABASE", "REPORTS"], port: 5432 });
    expect(edges.filter(({ from, to }) => from === to)).toEqual([]);
  });

  test("leads to the component of a workload that is bound", () => {
    const { edges } = graphOf(
      planOf(
        component("api", { bindings: { OTEL: "telemetry-collector:4318" } }),
        component("telemetry", { reaches: { "telemetry-collector": [] } }),
      ),
    );
    expect(edges).toMatchObject([{ from: "api", to: "telemetry", port: 4318 }]);
  });

  test("of one component is what is joined to it", () => {
    const { nodes, edges } = focusedOn(graphOf(shop), "db");
    expect(nodes.map(({ id }) => id)).toEqual(["db", "api", "gate:db-databases"]);
    expect(edges).toHaveLength(2);
  });

  test("of a plan without components is empty, and can be drawn", async () => {
    expect(renderMermaid(graphOf(planOf()))).toBe("flowchart LR");
    expect(await renderSvg(graphOf(planOf()))).toMatch(/^<svg /);
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const bound = fc.uniqueArray(name, { minLength: 2, maxLength: 6 }).chain((names) =>
  fc.record({
    names: fc.constant(names),
    pairs: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.integer({ min: 1, max: 65535 })), { maxLength: 10 }),
  }),
);

test("every binding is an edge, and every edge a binding", () => {
  fc.assert(
    fc.property(bound, ({ names, pairs }) => {
      const wanted = new Set(pairs.flatMap(([from, to, port]) => (from === to ? [] : [`${from} ${to} ${port}`])));
      const resources = names.map((from) => {
        const own = pairs.filter(([client]) => client === from);
        return component(from, { bindings: Object.fromEntries(own.map(([, to, port], index) => [`B${index}`, `${to}:${port}`])) });
      });
      const { edges } = graphOf(planOf(...resources));
      expect(new Set(edges.map(({ from, to, port }) => `${from} ${to} ${port}`))).toEqual(wanted);
    }),
  );
});

test("nothing of a resource's inputs or of a credential gets into any form", async () => {
  const secret = "hunter2hunter2hunter2";
  const graph = graphOf(
    planOf(
      ...shop.resources,
      resource("docker:index/container:Container", "leak", { name: "leak", image: "x", labels: [], envs: [`PASSWORD=${secret}`] }),
      component("odd", { connections: { default: { scheme: "http", host: "odd", port: 1, uri: `http://u:${secret}@odd`, password: secret } } }),
    ),
  );
  for (const form of [JSON.stringify(graph), renderMermaid(graph), renderDot(graph), await renderSvg(graph)]) expect(form).not.toContain(secret);
});

const hostile = ['a"b', "a\\", "<script>alert(1)</script>", "a#b;", "x&y", "line\nbreak", "`code`", "end", "]]>", '"]; drop'];

test.each(hostile)("the address %j is text in every form", async (address) => {
  const graph = graphOf(planOf(component("api", { egress: [`${address}:443`] })));
  const mermaid = renderMermaid(graph).split("\n");
  expect(mermaid).toHaveLength(4);
  expect(mermaid[2]).toMatch(/^ {2}n1\(\["(?:[^"<>`&]|<br\/>)*"\]\)$/);
  const svg = await renderSvg(graph);
  expect(svg).not.toContain("<script");
  expect((svg.match(/<g id="node/g) ?? []).length).toBe(2);
});
