import { expect, test } from "vitest";
import { appServiceRules, appServiceSpec } from "../../../components/app-service/spec.ts";
import { disallowedEgress } from "../../../src/core/egress.ts";
import type { Platform } from "../../../src/core/platform.ts";
import { http } from "../../../src/core/probe.ts";
import { settleArgs } from "../../../src/core/settle.ts";
import { settingsOf } from "../../support/settings.ts";

const platform = { realise: () => ({ connections: {} }) } as unknown as Platform;
const egress = [
  { host: "api.github.com", port: 443 },
  { host: "github.com", port: 443 },
  { host: "example.org", port: 80 },
];
const paths = (allowed?: string[]) => {
  const settings = settingsOf(allowed ? { egress: allowed } : {});
  const args = { platform, image: "acme/api:1", ports: { http: 1 }, health: http("/"), egress };
  const spec = appServiceSpec("api", settleArgs(settings, "api", args, appServiceRules));
  return disallowedEgress(spec, settings).map(({ path }) => path);
};

test("an environment without a list allows what services declare", () => expect(paths()).toEqual([]));
test("an empty list allows nothing", () => expect(paths([])).toEqual(["egress[0]", "egress[1]", "egress[2]"]));
test("a list allows its own addresses, port included", () =>
  expect(paths(["github.com:443", "example.org:443"])).toEqual(["egress[0]", "egress[2]"]));
test("egress that nobody wrote as such is told at the argument that it follows from", () => {
  const settings = settingsOf({ egress: [] });
  const args = { platform, image: "acme/api:1", ports: { http: 1 }, health: http("/"), egress };
  const spec = appServiceSpec("api", settleArgs(settings, "api", args, appServiceRules));
  const workloads = spec.workloads.map((workload) => ({ ...workload, egress: egress.slice(0, 1), egressFrom: "auth" }));
  expect(disallowedEgress({ ...spec, workloads }, settings)).toMatchObject([
    { path: "auth", value: "api.github.com:443", fix: "add it to egress in the stack file" },
  ]);
});
test("a star stands for what is below a domain, not for the domain", () =>
  expect(paths(["*.github.com:443", "example.org:80"])).toEqual(["egress[1]"]));
