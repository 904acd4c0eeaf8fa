import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { execa } from "execa";
import { describe, test } from "vitest";
import type { Ran } from "./temp-project.ts";

/** Context of the lab; tests never touch another cluster, whatever is current. */
export const context = "lab";

const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",");
const missing = whatIsMissing();
const missingEngine = missing ?? whatEngineLacks();
if (missing) console.warn(`kubernetes tier ${required.includes("kubernetes") ? "cannot run" : "skipped"}: ${missing}`);

/** A suite on the API of the Kubernetes lab. Without it the suite is skipped and says why, or fails where the tier must run. */
export const describeKubernetes = (title: string, suite: () => void) => tier(title, suite, missing, required.includes("kubernetes"));

/** The same through the real engine, with its kubernetes, random and tls plugins. */
export const describeKubernetesEngine = (title: string, suite: () => void) =>
  tier(title, suite, missingEngine, required.includes("kubernetes-engine"));

function tier(title: string, suite: () => void, lacks: string | undefined, must: boolean): void {
  if (!lacks) describe(title, suite);
  else if (!must) describe.skip(`${title} (skipped: ${lacks})`, suite);
  else {
    test(title, () => {
      throw new Error(`GROUNDPLAN_TEST_REQUIRE names this tier, and ${lacks}`);
    });
  }
}

function whatEngineLacks(): string | undefined {
  try {
    const installed = execFileSync("pulumi", ["plugin", "ls", "--json"], { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8", timeout: 20_000 });
    const names = (JSON.parse(installed) as { name: string }[]).map(({ name }) => name);
    const absent = ["kubernetes", "random", "tls"].find((name) => !names.includes(name));
    return absent && `pulumi has no ${absent} plugin`;
  } catch {
    return "pulumi is not on PATH";
  }
}

function whatIsMissing(): string | undefined {
  const { KUBECONFIG } = process.env;
  if (!KUBECONFIG || !existsSync(KUBECONFIG)) return "KUBECONFIG does not name the kubeconfig of the lab";
  try {
    execFileSync("kubectl", ["--context", context, "get", "--raw", "/readyz", "--request-timeout", "5s"], { stdio: ["ignore", "pipe", "pipe"] });
    return undefined;
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    return `no API of context ${context} answers: ${said.split("\n").at(-1)}`;
  }
}

/** kubectl in the lab. */
export async function kubectl(...args: readonly string[]): Promise<Ran> {
  const { exitCode, all } = await execa("kubectl", ["--context", context, ...args], { reject: false, all: true, stdin: "ignore", timeout: 120_000 });
  return { code: exitCode ?? -1, output: String(all) };
}

/** Objects of a namespace, as the API has them. */
export async function listed<T>(namespace: string, kinds: string): Promise<T[]> {
  const { stdout } = await execa("kubectl", ["--context", context, "-n", namespace, "get", kinds, "-o", "json"]);
  return (JSON.parse(String(stdout)) as { items: T[] }).items;
}

/** Namespaces and volumes that are left of a stack. */
export async function leftOf(namespace: string): Promise<string[]> {
  const { stdout } = await execa("kubectl", ["--context", context, "get", "namespaces,persistentvolumes", "-o", "json"]);
  const { items } = JSON.parse(String(stdout)) as {
    items: { kind: string; metadata: { name: string }; spec: { claimRef?: { namespace: string } } }[];
  };
  return items
    .filter(({ kind, metadata, spec }) => (kind === "Namespace" ? metadata.name === namespace : spec.claimRef?.namespace === namespace))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}
