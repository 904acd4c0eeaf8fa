import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type ImageName, imageReference } from "../../src/core/images.ts";
import { shownText } from "../../src/core/text.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { stackSpec } from "../support/telemetry.ts";

/** What each program says about the configuration that is made for it, by its own command. */
describeDocker("configurations as their programs read them", () => {
  const work = mkdtempSync(join(tmpdir(), "groundplan-telemetry-"));
  chmodSync(work, 0o755);
  afterAll(() => rmSync(work, { recursive: true }));

  /** Runs a program of the image beside the files of a part; answers its code and what it printed. */
  function says(traces: string, part: string, image: ImageName, entrypoint: string, args: string[], change = (text: string) => text) {
    const folder = join(work, `${traces}-${part}-${Math.random().toString(36).slice(2)}`);
    for (const { path, content } of stackSpec({ traces }).workloads.find(({ name }) => name === part)?.files ?? []) {
      const file = join(folder, path.slice("/etc/groundplan/".length));
      mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
      writeFileSync(file, change(shownText(content)));
    }
    const reference = imageReference({ table: image }, mirror ? { mirror } : {});
    const run = ["run", "--rm", "--network", "none", "--volume", `${folder}:/etc/groundplan:ro`, "--entrypoint", entrypoint, reference, ...args];
    try {
      return { code: 0, output: execFileSync("docker", run, { encoding: "utf8", stdio: "pipe" }) };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, output: `${stdout}${stderr}` };
    }
  }

  const programs: readonly (readonly [part: string, image: ImageName, entrypoint: string, args: string[], spoil: RegExp])[] = [
    ["collector", "otel-collector", "/otelcol-contrib", ["validate", "--config", "/etc/groundplan/collector.yaml"], /"memory_limiter"/],
    ["prometheus", "prometheus", "promtool", ["check", "config", "/etc/groundplan/prometheus.yaml"], /"scrape_interval"/],
    ["alertmanager", "alertmanager", "amtool", ["check-config", "/etc/groundplan/alertmanager.yaml"], /"group_by"/],
    ["loki", "loki", "/usr/bin/loki", ["-config.file=/etc/groundplan/loki.yaml", "-verify-config"], /"limits_config"/],
  ];

  test.each(programs)("%s", (part, image, entrypoint, args, spoil) => {
    for (const traces of ["tempo", "none"]) {
      const { code, output } = says(traces, `telemetry-${part}`, image, entrypoint, args);
      expect(code, output).toBe(0);
      expect(output).not.toMatch(/deprecat/i);
    }
    // The command does look: one word that it does not know is an error.
    expect(says("none", `telemetry-${part}`, image, entrypoint, args, (text) => text.replace(spoil, '"nobody_knows"')).code).not.toBe(0);
  });
});
