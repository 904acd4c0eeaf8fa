import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { alertsOf, selfObserved } from "../../../components/observability-stack/catalogue/index.ts";
import { alertsText } from "../../../docs/alerts.ts";
import { everyComponent } from "../../../docs/every-component.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
const text = readFileSync(join(root, "docs", "alerts.md"), "utf8");

test("the alerts are written down as the catalogue has them", () => {
  expect(text, "out of date: npm run docs:alerts").toBe(alertsText());
});

test("the runbook of each alert is a section that is there, once", () => {
  const anchors = [...text.matchAll(/^### (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  expect(new Set(anchors).size).toBe(anchors.length);
  for (const { name, runbook } of alertsOf([...everyComponent, selfObserved("telemetry")])) {
    const [file, anchor] = runbook.split("#");
    expect(file).toBe("docs/alerts.md");
    expect(anchors, name).toContain(anchor);
  }
});
