import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { reachCluster } from "../../../src/cli/kubernetes/kubectl.ts";
import type { EnvironmentProject } from "../../../src/cli/project.ts";
import { nothingRuns } from "../../../src/cli/verify/kubernetes.ts";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { endsWithCode } from "../../support/error-code.ts";
import { type TempProject, tempProject } from "../../support/temp-project.ts";

/** Programs on PATH that answer as the real ones do where those are not installed; their words are what the real ones printed. */
const bin = resolve(import.meta.dirname, "..", "..", "..", "bin", "groundplan.js");
let folder: string;
let project: TempProject;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplan-codes-"));
  project = tempProject("codes");
});
afterAll(() => {
  project.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** PATH with nothing but this program; the shell that runs it is named in full. */
function only(name?: string, script = ""): Record<string, string> {
  const bin = mkdtempSync(join(folder, "bin-"));
  if (name) writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: bin };
}

/** Runs the command and expects its code of the catalogue and its exit code. */
async function ends(args: readonly string[], code: ErrorCode, exit: number, environment: Record<string, string> = {}): Promise<string> {
  const { code: status, output } = await project.run(args, environment);
  expect(output).toMatch(endsWithCode(code));
  expect(status, output).toBe(exit);
  return output;
}

describe("the command line, the project and its files", () => {
  test("an option that there is not", async () => {
    expect(await ends(["down", "dev", "--volume"], "GP504", 2)).toContain("unknown option '--volume'");
  });

  test("no project, where there is none", async () => {
    const { all } = await execa(process.execPath, [bin, "preview"], { cwd: folder, reject: false, all: true, stdin: "ignore" });
    expect(all).toContain(`no Pulumi.yaml in ${folder} or above it`);
    expect(all).toMatch(endsWithCode("GP303"));
  });

  test("an environment that there is not", async () => {
    expect(await ends(["config", "nowhere"], "GP323", 3)).toContain("an environment of this project: dev");
  });

  test("a variable that the program will read when an engine runs it, before the engine is asked for", async () => {
    const databases = { app: { database: "orders", password: { env: "SHOP_PASSWORD" } } };
    project.environment("given").settings({ components: { db: { existing: { host: "db.internal", databases } } } });
    const output = await ends(["up", "given", "--engine", "pulumi"], "GP310", 3, only());
    expect(output).toContain("export SHOP_PASSWORD");
    // An environment of Pulumi ESC may give it, which the engine alone opens.
    const file = join(project.root, "Pulumi.given.yaml");
    writeFileSync(file, `environment:\n  - shop/given\n${readFileSync(file, "utf8")}`);
    // So the plan is no problem; next the daemon is asked, wherever this runs.
    await ends(["up", "given", "--engine", "pulumi"], "GP101", 2, { ...only(), DOCKER_HOST: `unix://${folder}/none.sock` });
    // Who only looks need not have it.
    expect((await project.run(["preview", "given"])).code).toBe(0);
  });

  test("data that a profile guards", async () => {
    project.environment("staging").settings({ profile: "staging" });
    expect(await ends(["down", "staging", "--volumes"], "GP502", 2)).toContain("profile staging wants --yes");
  });

  test("a Docker context that leads nowhere", async () => {
    const output = await ends(["down", "dev"], "GP102", 2, { DOCKER_HOST: "", DOCKER_CONTEXT: "nowhere" });
    expect(output).toContain('the Docker context "nowhere" has no endpoint');
  });

  test("waivers that cannot be read", async () => {
    const file = join(folder, "waivers.yaml");
    writeFileSync(file, "waivers:\n  - policy: no-such-policy\n");
    expect(await ends(["policy", "dev", "--waivers", file], "GP302", 3)).toContain("nothing was checked");
  });

  test("a stack file that is not YAML", async () => {
    writeFileSync(join(project.root, "Pulumi.torn.yaml"), "config:\n  a: [1\n");
    expect(await ends(["config", "torn"], "GP324", 3)).toContain("Pulumi.torn.yaml");
  });

  test("what nobody foresaw is told without a stack trace", async () => {
    mkdirSync(join(project.root, "Pulumi.folder.yaml"));
    const output = await ends(["config", "folder"], "GP000", 2);
    expect(output).toMatch(/^groundplan failed: EISDIR/);
    expect(output).not.toMatch(/^\s+at /m);
  });
});

describe("engine and state of an environment in a cluster", () => {
  const version = 'if [ "$1" = version ]; then echo v3.260.0; exit 0; fi';
  let backend: Record<string, string>;

  beforeAll(() => {
    const cluster = project.environment("away");
    cluster.settings({ target: "kubernetes", kubernetes: { context: "shop" } });
    const kubeconfig = join(folder, "kubeconfig");
    const server = { name: "shop", cluster: { server: "https://127.0.0.1:9" } };
    writeFileSync(kubeconfig, stringify({ clusters: [server], contexts: [{ name: "shop", context: { cluster: "shop" } }] }));
    mkdirSync(join(folder, "state"));
    backend = { PULUMI_BACKEND_URL: `file://${folder}/state`, PULUMI_CONFIG_PASSPHRASE: "one", KUBECONFIG: kubeconfig };
  });
  const down = ["down", "away"] as const;

  test("no CLI of Pulumi", async () => {
    expect(await ends(down, "GP104", 2, only())).toContain("engine pulumi needs the Pulumi CLI on PATH, version 3.230 or later");
  });

  test("a CLI of a version that nobody has tried", async () => {
    const output = await ends(down, "GP105", 2, only("pulumi", "echo v2.25.2"));
    expect(output).toContain("the one on PATH is v2.25.2");
  });

  test("nobody says where the state is", async () => {
    await ends(down, "GP202", 2, { ...only("pulumi", version), PULUMI_BACKEND_URL: "", PULUMI_ACCESS_TOKEN: "", HOME: folder });
  });

  test("a context that no kubeconfig has", async () => {
    const output = await ends(down, "GP107", 2, { ...only("pulumi", version), ...backend, KUBECONFIG: join(folder, "none") });
    expect(output).toContain('no context "shop" in the kubeconfig');
  });

  test("a backend that refuses to make the stack", async () => {
    const said = 'error: could not create stack: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): permission denied';
    const output = await ends(down, "GP203", 2, { ...only("pulumi", `${version}\necho '${said}' >&2; exit 255`), ...backend });
    expect(output).toContain("permission denied");
  });

  /** A Pulumi CLI whose stack is there, and whose next command fails with this. */
  const failing = (said: string) => ({
    ...only("pulumi", `${version}\nif [ "$1" = stack ]; then exit 0; fi\necho '${said}' >&2; exit 255`),
    ...backend,
  });

  test("a state that another run has", async () => {
    const said =
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///shop/locks/6389c056.json?no_tmp_dir=true: created by root@vm (pid 16092) at 2026-11-29T08:11:59Z";
    const output = await ends(down, "GP205", 2, failing(said));
    expect(output).toContain("the state is locked by root@vm, process 16092, since 2026-11-29T08:11:59Z");
  });

  test("another passphrase", async () => {
    const said = "error: getting stack configuration: get stack secrets manager: incorrect passphrase";
    expect(await ends(down, "GP206", 2, failing(said))).toContain("the passphrase does not open the state");
  });

  test("anything else that hinders destroy", async () => {
    const said = "error: deleting urn:pulumi:away: 1 error occurred";
    expect(await ends(down, "GP402", 2, failing(said))).toContain("did not come down");
  });

  test("engine compose has no cluster", async () => {
    await ends([...down, "--engine", "compose"], "GP501", 2);
  });
});

describe("kubectl and the cluster behind it", () => {
  const cluster = { root: "/", env: "away", settings: { kubernetes: { context: "shop" } } } as unknown as EnvironmentProject;
  /** Lets only this kubectl be found. */
  const asked = async (script?: string) => {
    for (const [name, value] of Object.entries({
      ...only(script === undefined ? undefined : "kubectl", script),
      KUBECONFIG: join(folder, "kubeconfig"),
    })) {
      vi.stubEnv(name, value);
    }
    return reachCluster(cluster, "shop-away");
  };
  const answers = 'case "$*" in *version*) echo "{}"; exit 0;; esac';
  // Files of this project share a process.
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test("it is not there", () => expect(asked()).rejects.toMatchObject({ code: "GP106", exit: 2 }));

  test("the cluster does not answer", () => {
    const said = "The connection to the server 127.0.0.1:9 was refused - did you specify the right host or port?";
    return expect(asked(`echo '${said}' >&2; exit 1`)).rejects.toMatchObject({ code: "GP108", exit: 2, message: expect.stringContaining(said) });
  });

  test("the cluster refuses", async () => {
    const said = 'Error from server (Forbidden): pods is forbidden: User "ann" cannot list resource "pods"';
    const kubectl = await asked(`${answers}\necho '${said}' >&2; exit 1`);
    await expect(kubectl.list("pods")).rejects.toMatchObject({ code: "GP109", exit: 2, message: expect.stringContaining("Forbidden") });
  });

  test("nothing of the stack is in it", () => {
    const health = [{ part: "api", state: "missing", ok: false }];
    expect(() => nothingRuns(health, "shop-away", "away")).toThrow(expect.objectContaining({ code: "GP403", exit: 2 }));
  });
});

test("a folder that holds what somebody else made", { timeout: 60_000 }, async () => {
  const taken = join(folder, "taken");
  mkdirSync(taken);
  writeFileSync(join(taken, "letter.txt"), "");
  await ends(["render", "dev", "--output", taken], "GP503", 2);
});
