import { describe, expect, test } from "vitest";
import { limitOf } from "../../../../components/observability-stack/catalogue/cloudwatch/formula.ts";
import { translate, translated } from "../../../../components/observability-stack/catalogue/cloudwatch/index.ts";
import type { Formula, OnAws, Places } from "../../../../components/observability-stack/catalogue/cloudwatch/model.ts";
import { alertsOf, selfObserved } from "../../../../components/observability-stack/catalogue/index.ts";
import { everyComponent } from "../../../../docs/every-component.ts";

const places: Places = {
  namespace: "shop-prod/telemetry",
  cluster: "shop-prod",
  scrapeSeconds: 30,
  stack: "telemetry",
  service: (workload) => `shop-prod-${workload}`,
  database: (part) => `shop-prod-${part}`,
  told: (component) => (component === "front" ? { LoadBalancer: "app/front/0a1b" } : {}),
};
const everything = [...everyComponent, selfObserved("telemetry")];
const all = everything.flatMap((it) => alertsOf([it]).map((alert) => ({ alert, it, onAws: translate(alert, it, places) })));
const formulas = all.flatMap(({ alert, onAws }) => ("alarms" in onAws ? onAws.alarms.map((formula) => ({ name: alert.name, formula })) : []));

const of = (component: string, name: string): OnAws => {
  const it = everything.find((one) => one.name === component);
  const found = it && translated(it, places).find(({ alert }) => alert.name === name);
  if (!found) throw new Error(`no ${name} of ${component}`);
  return found.onAws;
};
const formulaOf = (component: string, name: string): Formula => {
  const onAws = of(component, name);
  if (!("alarms" in onAws) || !onAws.alarms[0]) throw new Error(`${name} has no alarm`);
  return onAws.alarms[0];
};

describe("an alert of the catalogue on AWS", () => {
  test.each(all.map((one) => [`${one.alert.name} of ${one.it.name}`, one.onAws] as const))(
    "%s has alarms, is there already, or has a reason",
    (_, onAws) => {
      if ("alarms" in onAws) expect(onAws.alarms.length).toBeGreaterThan(0);
      else if ("existing" in onAws) expect(onAws.existing.length).toBeGreaterThan(0);
      else expect(onAws.none.length).toBeGreaterThan(20);
    },
  );

  test("that nobody has translated is an error", () => {
    const [one] = all;
    if (!one) throw new Error("no alerts");
    expect(() => translate({ ...one.alert, name: "SomethingNew" }, one.it, places)).toThrow(/SomethingNew.*no translation/);
  });

  test.each(formulas.map(({ name, formula }) => [name, formula] as const))("%s keeps to what CloudWatch takes", (_, formula) => {
    const { figures, expression, periodSeconds, periods, datapoints = periods, threshold } = formula;
    expect(Number.isFinite(threshold)).toBe(true);
    expect([60, 300, 600, 900]).toContain(periodSeconds);
    expect(Number.isInteger(periods) && periods >= 1 && datapoints >= 1 && datapoints <= periods).toBe(true);
    expect(periodSeconds * periods).toBeLessThanOrEqual(86_400);
    const ids = Object.keys(figures);
    // Ten figures with what is computed from them.
    expect(ids.length).toBeLessThan(10);
    if (expression === undefined) expect(ids).toHaveLength(1);
    else for (const id of ids) expect(expression).toMatch(new RegExp(`\\b${id}\\b`));
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  test("has the limit of its rule, and its time", () => {
    expect(formulaOf("db", "PostgresConnectionsExhausted")).toMatchObject({ when: ">", threshold: 0.95, periodSeconds: 60, periods: 1 });
    expect(formulaOf("db", "PostgresRollbacksHigh")).toMatchObject({ when: ">", threshold: 0.1, periodSeconds: 300, periods: 2 });
    expect(formulaOf("db", "PostgresUnreachable")).toMatchObject({ when: "<=", threshold: 0 });
    expect(formulaOf("db", "PostgresDeadlocks")).toMatchObject({ periodSeconds: 900, periods: 1 });
    expect(formulaOf("bus", "NatsConsumerFallsBehind")).toMatchObject({
      when: ">",
      threshold: 1000,
      expression: "IF(DIFF(pending) > 0, pending, 0)",
    });
    expect(formulaOf("trigger", "BridgeFallsBehind")).toMatchObject({ threshold: 1000 });
    expect(formulaOf("bus", "NatsDeadLettersWait")).toMatchObject({ periodSeconds: 300, periods: 12 });
    expect(formulaOf("api", "ProcessRestarts")).toMatchObject({ datapoints: 3, periods: 15 });
    expect(() => limitOf({ name: "X", expr: "up" })).toThrow(/X/);
  });

  test("that waits for silence rings when there is no figure", () => {
    for (const [component, name] of [
      ["db", "PostgresDatabaseMissing"],
      ["bus", "NatsStreamMissing"],
      ["bus", "NatsUnreachable"],
      ["api", "ComponentUnseen"],
      ["api", "ComponentDown"],
    ] as const) {
      expect(formulaOf(component, name).missing, name).toBe("breaching");
      expect(formulaOf(component, name).periods, name).toBeGreaterThanOrEqual(3);
    }
    expect(formulaOf("bus", "NatsRedeliveries").missing).toBe("notBreaching");
  });

  test("asks a load balancer for a gateway that told of one, and says so of one that did not", () => {
    expect(formulaOf("front", "GatewayLatencyHigh").figures.time).toEqual({
      namespace: "AWS/ApplicationELB",
      metric: "TargetResponseTime",
      dimensions: { LoadBalancer: "app/front/0a1b" },
      statistic: "p99",
    });
    expect(of("gateway", "GatewayErrorsHigh")).toEqual({ none: "the gateway told of no load balancer" });
  });
});
