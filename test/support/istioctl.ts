import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The analyzer of Istio, from source. Releases of Istio have no version that Go modules know, so this is the state of the day on
 * which 1.31 was cut. It stays outside of the repository: a build takes minutes, and longer on a busy machine.
 */
const version = "v0.0.0-20260827124520-eed52ebb66ad";
const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "groundplan", `istioctl-${version}`);
const program = join(folder, "istioctl");
const go = "go";
const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("istioctl");

/** Why it does not run; undefined when it does. It is built only when it is asked for: by GROUNDPLAN_TEST_REQUIRE, or `node test/support/istioctl.ts`. */
export function istioctlMissing(): string | undefined {
  if (existsSync(program)) return undefined;
  if (!required) return "istioctl is not built; node test/support/istioctl.ts builds it";
  build();
  return undefined;
}

function build(): void {
  mkdirSync(folder, { recursive: true });
  execFileSync(go, ["install", "-trimpath", "-ldflags", "-s -w", `istio.io/istio/istioctl/cmd/istioctl@${version}`], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: "0" },
  });
}

/**
 * What it finds in a namespace of a cluster, with these files laid over what is there: `Error [IST0101] ...`, one a line. It needs a
 * cluster: of files alone it passes by nearly everything, hosts and selectors included, and calls them sound. That a pod has no proxy
 * is left out, since a cluster without webhooks gives it none.
 */
export function istioFindings(context: string, namespace: string, files: readonly string[] = []): string[] {
  const args = ["analyze", "--context", context, "--namespace", namespace, "--color=false", "--suppress", "IST0103=Pod *", ...files];
  // What it finds goes to one of them, what it cannot read to the other.
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: 120_000 });
  if (error) throw error;
  if (!/No validation issues found|\[IST\d+\]/.test(`${stdout}${stderr}`)) throw new Error(`istioctl analyze did not look: ${stdout}${stderr}`);
  return `${stdout}\n${stderr}`.split("\n").filter((line) => /\[IST\d+\]/.test(line));
}

if (import.meta.main) build();
