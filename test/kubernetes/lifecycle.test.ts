import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { context, describeKubernetesEngine, kubectl, leftOf, listed } from "../support/kubernetes-tier.ts";
import { ran, until } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

interface Named {
  readonly metadata: { readonly name: string };
}

/** No path of this machine: the state is where the shell says. */
const hosted = (project: TempProject) => ({
  PULUMI_BACKEND_URL: `file://${join(project.root, "shared-state")}`,
  PULUMI_CONFIG_PASSPHRASE: "a passphrase of the test",
});

describeKubernetesEngine("an environment on a cluster", () => {
  let project: TempProject;
  let tracked: string;
  const run = (args: readonly string[], environment: Record<string, string> = {}) => project.run(args, { ...hosted(project), ...environment });
  const runs = async (args: readonly string[], code = 0) => {
    const result = await run(args);
    expect(result.code, `groundplan ${args.join(" ")}\n${result.output}`).toBe(code);
    return result.output;
  };
  const names = async (kinds: string) => (await listed<Named>(project.prefix, kinds)).map(({ metadata }) => metadata.name);

  beforeAll(() => {
    project = tempProject("ke");
    project.settings({
      target: "kubernetes",
      profile: "staging",
      kubernetes: { context, storageClass: "standard" },
      images: { api: "registry.example/acme/api:1.0.0" },
    });
    mkdirSync(join(project.root, "shared-state"));
    tracked = readFileSync(join(project.root, "Pulumi.dev.yaml"), "utf8");
  });
  afterAll(async () => {
    await run(["down", "dev", "--volumes", "--yes"]);
    await kubectl("delete", "namespace", project.prefix, "--ignore-not-found");
    project.remove();
  });

  test("nothing is assumed for a state that others share", async () => {
    const clean = {
      PULUMI_BACKEND_URL: "",
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
      PULUMI_ACCESS_TOKEN: "",
      PULUMI_HOME: project.root,
    };
    const { code, output } = await project.run(["up", "dev"], clean);
    expect(code).toBe(2);
    expect(output).toMatch(/where its state is kept\n.*PULUMI_BACKEND_URL/);
    expect(output).toMatch(/what encrypts its secrets\n.*PULUMI_CONFIG_PASSPHRASE_FILE/);
    const half = await project.run(["up", "dev"], { ...clean, PULUMI_BACKEND_URL: hosted(project).PULUMI_BACKEND_URL });
    expect(half.output).not.toContain("where its state is kept");
    expect(half.code).toBe(2);
  });

  test("a context that is not there is refused with those that are, whatever is current", async () => {
    project.settings({
      target: "kubernetes",
      profile: "staging",
      kubernetes: { context: "lob", storageClass: "standard" },
      images: { api: "registry.example/acme/api:1.0.0" },
    });
    const { code, output } = await run(["up", "dev"]);
    writeFileSync(join(project.root, "Pulumi.dev.yaml"), tracked);
    expect(code).toBe(2);
    expect(output).toMatch(/no context "lob" in the kubeconfig \S+: it has lab/);
    expect(await leftOf(project.prefix)).toEqual([]);
  });

  test("engine compose is refused with the reason", async () => {
    const { code, output } = await run(["up", "dev", "--engine", "compose"]);
    expect({ code, output }).toEqual({
      code: 2,
      output: expect.stringMatching(/engine compose runs containers of one Docker daemon, and dev-ke is on kubernetes; use engine pulumi/),
    });
  });

  test("preview names the cluster and changes nothing", async () => {
    const output = await ran(project, ["preview", "dev"]);
    expect(output).toMatch(new RegExp(`context ${context}, https://127\\.0\\.0\\.1:\\d+; namespace ${project.prefix}`));
    expect(output).toMatch(
      /bus +http GET \/healthz.* +startup up to 630s, no traffic after 6 failures every 5s, restart after 12 failures every 5s, and await/,
    );
    expect(output).toContain(`kubectl --context ${context} -n ${project.prefix} port-forward service/api 8000`);
    expect(await leftOf(project.prefix)).toEqual([]);
  });

  test("up deploys, a second up changes nothing, and the tracked stack file stays as it was", async () => {
    expect(await runs(["up", "dev"])).toMatch(/\n\+ \d+ created$/);
    expect(await names("deployments,statefulsets")).toEqual(["api", "cache", "bus", "cache-node", "cache-sentinel", "db", "queue"]);
    expect(await runs(["up", "dev"])).toMatch(/\n\d+ unchanged$/);
    expect(readFileSync(join(project.root, "Pulumi.dev.yaml"), "utf8")).toBe(tracked);
  });

  test("status finds it as planned; the variables of a service have the passwords of the state, and the ways to reach what they name", async () => {
    const output = await runs(["status", "dev"]);
    expect(output).toMatch(/ok +bus +bus +3 of 3 ready/);
    expect(output).toMatch(/ok +db +db-databases +done/);
    expect(output).toMatch(/ok +db +db-0-data +bound/);
    expect(output).toMatch(/all \d+ parts are as planned/);
    const variables = await runs(["connections", "dev", "--for", "api", "--show-secrets"]);
    expect(variables).toMatch(/^DATABASE_URL=postgres:\/\/app:[A-Za-z0-9]{32}@/m);
    const hidden = await runs(["connections", "dev", "--for", "api"]);
    expect(hidden).toMatch(/^DATABASE_URL=$/m);
  });

  test("what would leave data behind is refused before anything is changed", async () => {
    const before = await names("deployments,statefulsets,services");
    project.settings({
      target: "kubernetes",
      profile: "staging",
      kubernetes: { context, storageClass: "standard" },
      images: { api: "registry.example/acme/api:1.0.0" },
      components: { cache: { replicas: 1 } },
    });
    const output = await runs(["up", "dev"], 3);
    expect(output).toMatch(/stack: cache-node-0-data = "PersistentVolumeClaim"[\s\S]*would keep its data elsewhere[\s\S]*pulumi state unprotect/);
    expect(await names("deployments,statefulsets,services")).toEqual(before);
    writeFileSync(join(project.root, "Pulumi.dev.yaml"), tracked);
    expect(await runs(["up", "dev"])).toMatch(/\n\d+ unchanged$/);
  });

  test("verify asks the API for health and runs the checks as Jobs, which are gone afterwards; without logs no path is known", async () => {
    const jobs = await names("jobs");
    // The lab's pods run nothing: they end well and leave no log.
    const output = await runs(["verify", "dev"], 1);
    expect(output).toMatch(/ok +bus +3 of 3 ready/);
    for (const part of ["api", "bus", "cache", "db", "queue"]) {
      expect(output).toMatch(new RegExp(`ok +${part} by its protocol +done; it left no log`));
      expect(output).toMatch(new RegExp(`FAILED +paths from ${part} +the pod that tried them left no log`));
    }
    await until("the jobs of verify are gone", 30, async () => (await names("jobs")).length === jobs.length);
  });

  test("what is missing is a finding", async () => {
    await kubectl("-n", project.prefix, "set", "image", "deployment/api", "api=registry.example/acme/api:0.9.0");
    expect(await runs(["status", "dev"], 1)).toMatch(/api: image registry\.example\/acme\/api:0\.9\.0, planned \S+acme\/api:1\.0\.0/);
    await kubectl("-n", project.prefix, "delete", "deployment", "api");
    await kubectl("-n", project.prefix, "delete", "cronjob", "cache-check");
    expect(await runs(["status", "dev"], 1)).toMatch(/! +api +api +missing/);
    const output = await runs(["verify", "dev"], 1);
    expect(output).toMatch(/FAILED +api +missing/);
    expect(output).toMatch(/FAILED +cache by its protocol +cache-check is missing/);
    expect(await runs(["up", "dev", "--refresh"])).toMatch(/\+ 2 created/);
  });

  test("down keeps data and the credentials that open it; up finds both", async () => {
    const uids = async () => (await kubectl("-n", project.prefix, "get", "pvc", "-o", "jsonpath={.items[*].metadata.uid}")).output;
    const before = await uids();
    await runs(["down", "dev"]);
    expect(await names("deployments,statefulsets,jobs,cronjobs,services,secrets")).toEqual([]);
    expect(await uids()).toBe(before);
    await runs(["up", "dev"]);
    expect(await uids()).toBe(before);
  });

  test("down --volumes wants --yes, and leaves nothing", async () => {
    await runs(["down", "dev", "--volumes"], 2);
    await runs(["down", "dev", "--volumes", "--yes"]);
    await until("everything is gone", 60, async () => (await leftOf(project.prefix)).length === 0);
  });
});
