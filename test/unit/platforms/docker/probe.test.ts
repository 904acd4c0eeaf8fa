import { describe, expect, test } from "vitest";
import { describeProbe, exec, http, type Probe, tcp } from "../../../../src/core/probe.ts";
import { healthcheck, probeCommand, probePlace, probePort, startLimitSeconds } from "../../../../src/platforms/docker/probe.ts";

const place = (probe: Probe, tools: readonly string[]) => probePlace({ probe, tools });
const ports = { http: { port: 8000, protocol: "http", published: false }, admin: { port: 9000, protocol: "http", published: false } } as const;

describe("where a probe runs, and what it calls", () => {
  test.each<[Probe, string[], "inside" | "beside"]>([
    [http("/health"), ["sh", "wget"], "inside"],
    [http("/health"), ["curl"], "inside"],
    [http("/health"), ["sh", "nc"], "beside"],
    [http("/health"), [], "beside"],
    [tcp(), ["nc"], "inside"],
    [tcp(), ["wget", "curl"], "beside"],
    [exec(["pg_isready"]), [], "inside"],
  ])("%o with %j: %s", (probe, tools, expected) => expect(place(probe, tools)).toBe(expected));

  test("the command that the image has", () => {
    const probe = http("/health?full=1");
    expect(probeCommand(probe, ["wget", "curl"], "127.0.0.1", 8000)).toEqual(["wget", "-q", "-O", "-", "http://127.0.0.1:8000/health?full=1"]);
    expect(probeCommand(probe, ["curl"], "api", 8000)).toEqual(["curl", "-sS", "--fail-with-body", "http://api:8000/health?full=1"]);
    expect(probeCommand(tcp({ timeoutSeconds: 7 }), ["nc"], "api", 8000)).toEqual(["nc", "-z", "-w", "7", "api", "8000"]);
    expect(probeCommand(exec(["pg_isready", "-q"]), [], "api", 1)).toEqual(["pg_isready", "-q"]);
  });

  test.each<[Probe, string[]]>([
    [http("/"), ["wget"]],
    [http("/"), ["curl"]],
    [tcp(), ["nc"]],
  ])("inside it never calls a program that the image lacks: %o, %j", (probe, tools) => {
    expect(place(probe, tools)).toBe("inside");
    expect(tools).toContain(probeCommand(probe, tools, "127.0.0.1", 1)[0]);
  });

  test("the named port, else the first", () => {
    expect(probePort({ probe: http("/", { port: "admin" }), ports })).toBe(9000);
    expect(probePort({ probe: http("/"), ports })).toBe(8000);
    expect(probePort({ probe: exec(["true"]), ports })).toBe(8000);
  });
});

describe("timings", () => {
  test("as declared, else the defaults; the command is not given to a shell", () => {
    expect(healthcheck(tcp(), ["nc"])).toEqual({ tests: ["CMD", "nc"], interval: "5s", timeout: "3s", retries: 6, startPeriod: "30s" });
    const probe = tcp({ intervalSeconds: 1, timeoutSeconds: 2, retries: 3, startSeconds: 0 });
    expect(healthcheck(probe, ["nc", "$x"])).toEqual({ tests: ["CMD", "nc", "$x"], interval: "1s", timeout: "2s", retries: 3, startPeriod: "0s" });
  });

  test("a start is given up only after all checks that may fail have failed", () => {
    const probe = tcp({ intervalSeconds: 10, timeoutSeconds: 5, retries: 4, startSeconds: 100 });
    expect(startLimitSeconds(probe)).toBeGreaterThan(100 + (10 + 5) * 4);
  });
});

test("one line that tells a probe apart from others", () => {
  expect([http("/health"), http("/h", { port: "admin" }), tcp(), tcp({ port: "grpc" }), exec(["pg_isready", "-q"])].map(describeProbe)).toEqual([
    "http GET /health",
    "http GET /h on admin",
    "tcp connect",
    "tcp connect on grpc",
    "exec pg_isready",
  ]);
});
