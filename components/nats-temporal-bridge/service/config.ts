import { readFileSync } from "node:fs";
import type { BridgeConfig } from "../contract.ts";

/** Everything that the process is told from outside. */
export interface Environment {
  readonly natsUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly configFile: string;
}

export function environment(env: NodeJS.ProcessEnv): Environment {
  const missing = ["NATS_URL", "TEMPORAL_ADDRESS"].filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`the variables ${missing.join(", ")} are not set`);
  return {
    natsUrl: env.NATS_URL ?? "",
    temporalAddress: env.TEMPORAL_ADDRESS ?? "",
    temporalNamespace: env.TEMPORAL_NAMESPACE || "default",
    configFile: env.BRIDGE_CONFIG || "/etc/groundplan/bridge.json",
  };
}

const texts = ["stream", "consumer", "verifySubject"] as const;
const numbers = ["maxDeliver", "maxInFlight", "stopSeconds", "port"] as const;
const routeTexts = ["subject", "workflow", "taskQueue", "id"] as const;

/** Reads the file; what is wrong with it is told all at once. */
export function readConfig(file: string): BridgeConfig {
  const read: unknown = JSON.parse(readFileSync(file, "utf8"));
  const problems = configProblems(read);
  if (problems.length > 0) throw new Error(`${file}: ${problems.join("; ")}`);
  return read as BridgeConfig;
}

export function configProblems(read: unknown): string[] {
  if (!isObject(read)) return ["not an object"];
  const routes = Array.isArray(read.routes) ? (read.routes as unknown[]) : [];
  return [
    ...texts.filter((key) => !isText(read[key])).map((key) => `${key} is not a text`),
    ...numbers.filter((key) => !isCount(read[key])).map((key) => `${key} is not a whole number above 0`),
    ...(routes.length === 0 ? ["routes is not a list with an entry"] : []),
    ...routes.flatMap((route, index) => routeProblems(route).map((problem) => `routes[${index}]${problem}`)),
  ];
}

function routeProblems(route: unknown): string[] {
  if (!isObject(route)) return [" is not an object"];
  const { executionTimeoutSeconds: timeout, json } = route;
  return [
    ...routeTexts.filter((key) => !isText(route[key])).map((key) => `.${key} is not a text`),
    ...(timeout === undefined || isCount(timeout) ? [] : [".executionTimeoutSeconds is not a whole number above 0"]),
    ...(typeof json === "boolean" ? [] : [".json is neither true nor false"]),
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown) => typeof value === "string" && value !== "";
const isCount = (value: unknown) => typeof value === "number" && Number.isInteger(value) && value > 0;
