import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { ran } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

let project: TempProject;
const out = (...path: string[]) => join(project.root, "out", ...path);
const objectIn = (...path: string[]) => parse(readFileSync(out(...path), "utf8")) as Record<string, unknown>;

const topology = `
const otel = telemetryOf(platform, "telemetry");
const service = (name, more) =>
  new AppService(name, { platform, image: "registry.example/web:1.0.0", ports: { http: 8000 }, health: http("/"), ...more });
const egress = [{ host: "api.example.com", port: 443 }];
service("told", { bindings: { OTEL: bind(otel, {}) }, egress });
service("quiet", { egress });
service("telemetry", {});
return {};
`;
const settings = (mesh: object) => ({ target: "kubernetes", kubernetes: { context: "nowhere", mesh: { mode: "sidecar", ...mesh } } });

beforeAll(async () => {
  project = tempProject("mesh");
  project.topology(topology);
  project.settings(settings({ install: true }));
  await ran(project, ["render", "dev", "--output", "out"]);
}, 120_000);
afterAll(() => project.remove());

test("proxies bring traces to the collector that the topology asked the way to, where they are bound to it, and nowhere else", () => {
  expect(objectIn("install", "values-istiod.yaml")).toMatchObject({
    meshConfig: {
      extensionProviders: [
        {
          name: "groundplan-collector",
          opentelemetry: { service: `telemetry-collector.${project.prefix}.svc.cluster.local`, port: 4318 },
        },
      ],
    },
  });
  expect(objectIn("told", "telemetry-told.yaml")).toMatchObject({
    spec: { selector: { matchLabels: { "io.groundplan.part": "told" } }, tracing: [{ providers: [{ name: "groundplan-collector" }] }] },
  });
  expect(existsSync(out("quiet", "telemetry-quiet.yaml"))).toBe(false);
  expect(objectIn("stack", "telemetry-default.yaml")).toMatchObject({ spec: { tracing: [{ disableSpanReporting: true }] } });
});

test("a host outside that two services declare is known once", () => {
  expect(readdirSync(out("stack")).filter((file) => file.startsWith("serviceentry"))).toEqual(["serviceentry-egress-api-example-com-443.yaml"]);
});

test("an exception for nothing is a problem, together with what else is wrong", async () => {
  project.settings(settings({ permissive: [{ workload: "tald", port: "http", reason: "called by hand" }] }));
  project.topology(topology.replace(`service("quiet", { egress })`, `service("quiet", { ports: { http: 15021 } })`));
  const { code, output } = await project.run(["preview", "dev"]);
  expect(code, output).not.toBe(0);
  expect(output).toContain("did you mean told?");
  expect(output).toContain("15021");
});
