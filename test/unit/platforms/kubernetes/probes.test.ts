import fc from "fast-check";
import { expect, test } from "vitest";
import { exec, http, type ProbeTimings, tcp } from "../../../../src/core/probe.ts";
import { probes, startLimitSeconds } from "../../../../src/platforms/kubernetes/manifests/probes.ts";
import { workload } from "./specs.ts";

const ports = {
  sql: { port: 5432, protocol: "postgres", published: false },
  monitor: { port: 8222, protocol: "http", published: false },
} as const;

test("each kind asks as the kubelet can, the first port unless another is named", () => {
  const asked = (probe: Parameters<typeof workload>[0]) => probes(workload({ ports, ...probe })).readinessProbe;
  expect(asked({ probe: tcp() })).toMatchObject({ tcpSocket: { port: "tcp-sql" } });
  expect(asked({ probe: http("/healthz?js=true", { port: "monitor" }) })).toMatchObject({
    httpGet: { path: "/healthz?js=true", port: "http-monitor" },
  });
  expect(asked({ probe: exec(["sh", "-c", "echo $(id)"]) })).toMatchObject({ exec: { command: ["sh", "-c", "echo $$(id)"] } });
  expect(() => asked({ probe: tcp({ port: "other" }) })).toThrow('a probe asks the port "other"');
});

test("without a liveness of its own a workload is restarted by its probe, after twice the failures", () => {
  expect(probes(workload({ probe: tcp({ retries: 4 }) })).livenessProbe).toMatchObject({ tcpSocket: { port: "http" }, failureThreshold: 8 });
});

test("what keeps data may take ten minutes to recover it, and is restarted as soon as anything else afterwards", () => {
  const volumes = [{ name: "data", path: "/data", storageGiB: 5 }];
  const timings = { intervalSeconds: 5, startSeconds: 30, retries: 6 };
  const [keeping, plain] = [probes(workload({ volumes, probe: tcp(timings) })), probes(workload({ probe: tcp(timings) }))];
  expect(keeping.startupProbe).toMatchObject({ periodSeconds: 5, failureThreshold: 126 });
  expect(plain.startupProbe).toMatchObject({ failureThreshold: 12 });
  expect(keeping.livenessProbe).toEqual(plain.livenessProbe);
  expect(probes(workload({ volumes, probe: tcp({ ...timings, startSeconds: 900 }) })).startupProbe).toMatchObject({ failureThreshold: 186 });
});

test("a start may take as long as it was declared, and as many failures longer as anywhere else", () => {
  const seconds = (max: number) => fc.integer({ min: 1, max });
  const timings = fc.record({ intervalSeconds: seconds(60), timeoutSeconds: seconds(30), retries: seconds(20), startSeconds: seconds(600) });
  fc.assert(
    fc.property(timings, (given: Required<ProbeTimings>) => {
      const probe = tcp(given);
      const { startupProbe, readinessProbe } = probes(workload({ probe })) as Record<string, { periodSeconds: number; failureThreshold: number }>;
      const patience = (startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0);
      expect(patience).toBeGreaterThanOrEqual(given.startSeconds + given.retries * given.intervalSeconds);
      expect(patience).toBeLessThan(given.startSeconds + (given.retries + 1) * given.intervalSeconds);
      expect(startLimitSeconds(probe)).toBeGreaterThanOrEqual(given.startSeconds + given.retries * given.intervalSeconds);
      expect(readinessProbe).toMatchObject({
        periodSeconds: given.intervalSeconds,
        timeoutSeconds: given.timeoutSeconds,
        failureThreshold: given.retries,
      });
    }),
  );
});
