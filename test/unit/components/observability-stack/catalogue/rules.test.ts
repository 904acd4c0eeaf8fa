import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { alertsOf, rulesFile, selfObserved } from "../../../../../components/observability-stack/catalogue/index.ts";
import { everyComponent } from "../../../../../docs/every-component.ts";
import type { Observed } from "../../../../../src/core/observed.ts";
import { alertCases } from "../../../../support/alert-cases.ts";
import { knownMetrics } from "../../../../support/known-metrics.ts";
import { faultsIn, metricsIn } from "../../../../support/promql.ts";
import { connectionTo } from "../../../connections.ts";

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const stub = connectionTo("worker", { scheme: "http" });
const selfName = "telemetry";
const all = [...everyComponent, selfObserved(selfName)];
const groupsOf = (observed: readonly Observed[]) =>
  (parse(rulesFile(observed, { selfName })) as { groups: { name: string; rules: Rule[] }[] }).groups;
const groups = groupsOf(everyComponent);
const recorded = new Set(groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])));
const alerts = alertsOf(all);

test("there is a group for each component that has something to say, and one for the stack itself", () => {
  expect(groups.map(({ name }) => name)).toEqual(all.map(({ name }) => name));
});

describe.each(groups)("rules of $name", ({ name, rules }) => {
  const kind = all.find((it) => it.name === name)?.kind ?? "";

  test("are PromQL", () => {
    expect(rules.flatMap(({ expr }) => faultsIn(expr).map((fault) => `${expr}\n${fault}`))).toEqual([]);
  });

  test("read metrics that exist, or what is recorded before", () => {
    const known = knownMetrics(kind);
    const before = new Set<string>();
    for (const { record, expr } of rules) {
      const unknown = metricsIn(expr).filter((metric) => !(metric.includes(":") ? before : known).has(metric));
      expect(unknown, expr).toEqual([]);
      if (record) before.add(record);
    }
  });

  test("are about this component alone", () => {
    const own =
      name === selfName
        ? /\{job=(?:"telemetry-(?:collector|prometheus|alertmanager|loki|tempo)"|~"telemetry-\.\+")/g
        : new RegExp(`\\{job="${name}"`, "g");
    for (const { expr } of rules) expect(expr.match(own)?.length ?? 0, expr).toBe(expr.match(/\{/g)?.length ?? 0);
  });
});

test("names of recordings say level, metric and operation", () => {
  for (const name of recorded) expect(name).toMatch(/^job(_[a-z]+)?:[a-z_]+:[a-z0-9_]+$/);
});

test("every alert has a case in which it fires, and one in which it is quiet", () => {
  const names = new Set(alerts.map(({ name }) => name));
  names.delete("Watchdog");
  const cases = Object.entries(alertCases).map(([key, { alert: name = key, component }]) => ({ name, component }));
  expect([...names].sort()).toEqual([...new Set(cases.map(({ name }) => name))].sort());
  for (const { name, component } of cases) {
    expect(
      alerts.filter((alert) => alert.name === name && alert.component === component),
      `${name} about ${component}`,
    ).toHaveLength(1);
  }
});

test("no two alerts are the same to a receiver", () => {
  const identities = alerts.map(({ name, component, about = {} }) => JSON.stringify([name, component, about]));
  expect(new Set(identities).size).toBe(identities.length);
});

test("words of an alert name its component, and give the value where it says something", () => {
  for (const { name, component, summary, description, meaning, threshold, remedy } of alerts) {
    expect(summary, name).toContain(component);
    expect(
      [description, meaning, threshold, remedy].filter((text) => !/[.)`]$/.test(text)),
      name,
    ).toEqual([]);
  }
});

test("a component that is only asked for its health is missed when it is not well, and told no more of", () => {
  const [down, ...others] = alertsOf([{ kind: "AppService", name: "worker", replicas: 3, health: { from: stub }, facts: {} }]);
  expect(down).toMatchObject({ name: "ComponentDown", severity: "critical", expr: 'sum by (job) (probe_success{job="worker"}) == 0' });
  expect(others.map(({ name }) => name)).toEqual(["ComponentUnseen", "ScrapesFail", "ReplicasMissing"]);
  expect(others.filter(({ expr }) => /\bup\{/.test(expr))).toEqual([]);
});

test("a component that serves no figures is asked for none, and its backups still are", () => {
  expect(alertsOf([{ kind: "MessageQueue", name: "queue", replicas: 1, facts: {} }]).map(({ name }) => name)).toEqual(["BackupTooOld"]);
  expect(alertsOf([{ kind: "AppService", name: "worker", replicas: 3, facts: {} }])).toEqual([]);
});

test("replicas are only missed where there are several, and each figure is the component's own", () => {
  const [, , , , , , api] = everyComponent;
  const single = alertsOf([{ ...(api as Observed), replicas: 1 }]).map(({ name }) => name);
  expect(single).not.toContain("ReplicasMissing");
  const three = alertsOf([{ ...(api as Observed), replicas: 3 }]).find(({ name }) => name === "ReplicasMissing");
  expect(three?.expr).toContain('sum by (job) (up{job="api"}) < 3');
});

test("facts become alerts of their own, whatever is in their names", () => {
  const it: Observed = { ...(everyComponent[0] as Observed), facts: { databases: ["guard", 'a"b'] } };
  const missing = alertsOf([it]).filter(({ name }) => name === "PostgresDatabaseMissing");
  expect(missing.map(({ about }) => about)).toEqual([{ database: "guard" }, { database: 'a"b' }]);
  expect(missing.flatMap(({ expr }) => faultsIn(expr))).toEqual([]);
  expect(JSON.stringify(groupsOf([it]))).toContain("PostgresDatabaseMissing");
});
