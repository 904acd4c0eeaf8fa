import { anything, type Check, type Finding, integer, isRecord, listOf, matching, oneOf, shape } from "../../src/core/checks.ts";
import type { ProblemCode } from "../../src/core/errors.ts";
import type { ExecProbe, HttpProbe, TcpProbe } from "../../src/core/probe.ts";
import type { AppServiceArgs } from "./app-service.ts";

const timings = {
  kind: anything,
  intervalSeconds: integer(1, 3600, "seconds"),
  timeoutSeconds: integer(1, 3600, "seconds"),
  retries: integer(1, 1000),
  startSeconds: integer(0, 3600, "seconds"),
};

const word = matching(/^/, "text", "quote it");

/** A probe of one of the three kinds. */
export const probeCheck: Check = (value, at) => {
  if (!isRecord(value)) return [{ path: at, value, rule: "a probe", fix: 'use http("/health"), tcp() or exec(["program"])' }];
  switch (value.kind) {
    case "http":
      return shape<HttpProbe>(
        { ...timings, path: matching(/^\/[\w.~:@/?=&+,;%-]*$/, "a path that starts with /, as in a URL", "e.g. /health"), port: word },
        ["path"],
      )(value, at);
    case "tcp":
      return shape<TcpProbe>({ ...timings, port: word })(value, at);
    case "exec":
      return shape<ExecProbe>({ ...timings, command: listOf(word, 1) }, ["command"])(value, at);
    default:
      return oneOf(["http", "tcp", "exec"])(value.kind, `${at}.kind`);
  }
};

/** Rules between arguments, checked once each of them is right by itself. */
export function relations(args: AppServiceArgs, bindingEnv: Readonly<Record<string, unknown>>): Finding[] {
  const names = Object.keys(args.ports);
  const known = names.join(", ") || "none";
  const numbers = Object.values(args.ports);
  const findings: Finding[] = [];
  const add = (path: string, value: unknown, rule: string, fix: string, code: ProblemCode = "GP310") =>
    findings.push({ path, value, rule, fix, code });
  if (args.command && args.image === undefined) {
    add("command", args.command, "an image whose entry point it replaces", "name the image, or leave it out for the placeholder");
  }
  if (names.length === 0) add("ports", args.ports, "at least one port", "name the port that its health check asks, e.g. { http: 8000 }");
  for (const [name, port] of Object.entries(args.ports)) {
    if (numbers.indexOf(port) !== names.indexOf(name)) add(`ports.${name}`, port, "a number of its own", "two ports cannot be one", "GP314");
  }
  for (const [index, name] of (args.publish ?? []).entries()) {
    if (!names.includes(name)) add(`publish[${index}]`, name, `the name of a port: ${known}`, "add it to ports, or correct it");
  }
  if ("port" in args.health && args.health.port !== undefined && !names.includes(args.health.port)) {
    add("health.port", args.health.port, `the name of a port: ${known}`, "correct it, or leave it out for the first one");
  }
  if (args.liveness && "port" in args.liveness && args.liveness.port !== undefined && !names.includes(args.liveness.port)) {
    add("liveness.port", args.liveness.port, `the name of a port: ${known}`, "correct it, or leave it out for the first one");
  }
  if (args.autoscale && args.replicas !== undefined) {
    add("replicas", args.replicas, "either a fixed number or autoscale", "leave replicas out: autoscale.min is the smallest number");
  }
  if (args.autoscale && args.autoscale.max < args.autoscale.min) {
    add("autoscale.max", args.autoscale.max, `at least autoscale.min, ${args.autoscale.min}`, "raise max or lower min");
  }
  if ((args.health.timeoutSeconds ?? 3) > (args.health.intervalSeconds ?? 5)) {
    add("health.timeoutSeconds", args.health.timeoutSeconds, "not more than intervalSeconds", "shorten the timeout or widen the interval");
  }
  for (const name of Object.keys(args.env ?? {})) {
    if (Object.hasOwn(bindingEnv, name))
      add(`env.${name}`, name, "a variable that no binding sets", "remove it here, or rename it in the binding", "GP314");
  }
  const paths = (["volumes", "mounts", "checkouts"] as const).flatMap((kind) =>
    Object.entries(args[kind] ?? {}).map(([name, { path }]) => ({ at: `${kind}.${name}.path`, name, path })),
  );
  for (const [index, { at, path }] of paths.entries()) {
    const other = paths.slice(0, index).find((p) => p.path === path);
    if (other) add(at, path, `a path of its own; ${other.name} has it`, "mount it elsewhere", "GP314");
  }
  return findings;
}
