import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alertsOf, rulesFile, selfObserved } from "../../components/observability-stack/catalogue/index.ts";
import { everyComponent } from "../../docs/every-component.ts";
import { imageReference } from "../../src/core/images.ts";
import { alertCases } from "../support/alert-cases.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { casesOf, silence } from "../support/promtool-tests.ts";

const selfName = "telemetry";
const components = [...new Set(Object.values(alertCases).map(({ component }) => component))];

describeDocker("the rules of the catalogue, by promtool", () => {
  const work = mkdtempSync(join(tmpdir(), "groundplan-rules-"));
  const alerts = alertsOf([...everyComponent, selfObserved(selfName)]);

  function promtool(...args: string[]): string {
    const image = imageReference({ table: "prometheus" }, mirror ? { mirror } : {});
    const container = ["run", "--rm", "--network", "none", "--volume", `${work}:/rules:ro`, "--workdir", "/rules", "--entrypoint", "promtool", image];
    try {
      return execFileSync("docker", [...container, ...args], { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`promtool ${args.join(" ")}\n${stdout}${stderr}`);
    }
  }

  function write(file: string, content: string): void {
    writeFileSync(join(work, file), content);
    // The user of the image is not ours.
    chmodSync(join(work, file), 0o644);
  }

  beforeAll(() => {
    chmodSync(work, 0o755);
    write("rules.yaml", rulesFile(everyComponent, { selfName }));
    write("silence.yaml", silence("rules.yaml", alerts));
    // Each with its own rules alone: promtool evaluates all of a file every half minute.
    for (const it of everyComponent) write(`rules-${it.name}.yaml`, rulesFile([it], { selfName }));
    write(`rules-${selfName}.yaml`, rulesFile([], { selfName }));
    for (const component of components) write(`cases-${component}.yaml`, casesOf(component, `rules-${component}.yaml`));
    write("broken.yaml", casesOf("db", "rules-db.yaml").replaceAll("pg_up{", "pg_down{"));
    const other = everyComponent.filter(({ name }) => name === "other");
    write("rules-hasty.yaml", rulesFile(other, { selfName }).replaceAll("for: 60s", "for: 30s"));
    write("hasty.yaml", casesOf("other", "rules-hasty.yaml"));
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test("they are well formed, and no two are the same", () => {
    const output = promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml");
    expect(output).toMatch(/SUCCESS: \d+ rules found/);
  });

  test.each(components)("each alert about %s fires when it should, and is quiet when it should be", (component) => {
    expect(promtool("test", "rules", `cases-${component}.yaml`)).toMatch(/SUCCESS/);
  });

  test("where there are no figures at all, that is all that is said", () => {
    expect(promtool("test", "rules", "silence.yaml")).toMatch(/SUCCESS/);
  });

  test("an alert that does not fire would be seen", () => {
    expect(() => promtool("test", "rules", "broken.yaml")).toThrow(/PostgresUnreachable/);
  });

  test("an alert that waits half as long would be seen", () => {
    expect(() => promtool("test", "rules", "hasty.yaml")).toThrow(/ComponentDown/);
  });

  test("labels and words of an alert are as a receiver gets them", () => {
    const series = [{ series: 'jetstream_stream_last_seq{job="bus",instance="bus",server_id="bus-0",stream_name="DLQ"}', values: "4x20 6x60" }];
    const [alert] = alerts.filter(({ name }) => name === "NatsDeadLettersGrow");
    expect(alert).toBeDefined();
    const expected = {
      exp_labels: { job: "bus", stream_name: "DLQ", stream: "DLQ", component: "bus", kind: "NatsCluster", severity: "warning" },
      exp_annotations: {
        summary: "dead letters come into DLQ of bus",
        description: "2.143 dead letters within 15 minutes.",
        runbook: "docs/alerts.md#natsdeadlettersgrow",
      },
    };
    const tests = [
      { interval: "1m", input_series: series, alert_rule_test: [{ eval_time: "30m", alertname: "NatsDeadLettersGrow", exp_alerts: [expected] }] },
    ];
    write("words.yaml", JSON.stringify({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests }));
    expect(promtool("test", "rules", "words.yaml")).toMatch(/SUCCESS/);
  });
});
