import { describe, expect, test } from "vitest";
import { type CheckState, runChecks, type Verdict } from "../../../../src/cli/doctor/check.ts";
import { judgeClock, judgeDaemon, judgeDisks, judgeMemory, limitsOf } from "../../../../src/cli/doctor/docker.ts";
import type { DaemonFacts, Examined } from "../../../../src/cli/doctor/examined.ts";
import { awsCredentials, judgeAws, judgeCluster } from "../../../../src/cli/doctor/hosted.ts";
import { judgeNetworks, judgeVolumes, type KnownCopies } from "../../../../src/cli/doctor/leftovers.ts";
import { judgeProblems } from "../../../../src/cli/doctor/machine.ts";
import { judgeMirror, manifestPath } from "../../../../src/cli/doctor/mirror.ts";
import { judgeRoutes, routesIn } from "../../../../src/cli/doctor/routes.ts";
import { judgeState } from "../../../../src/cli/doctor/state-folder.ts";
import { judgeCompose, judgeNode, judgePlugins, judgePulumi } from "../../../../src/cli/doctor/tools.ts";
import { container, planWith } from "../../preview/plans.ts";

const gib = 1024 ** 3;

describe("tools", () => {
  test.each<[string, CheckState]>([
    ["v22.18.0", "ok"],
    ["v24.0.0", "ok"],
    ["v22.17.9", "problem"],
    ["v20.20.2", "problem"],
  ])("Node %s: %s", (version, state) => expect(judgeNode(version).state).toBe(state));

  test.each<[string | undefined, boolean, CheckState]>([
    ["2.23.0", false, "ok"],
    ["v2.40.3", false, "ok"],
    ["2.22.9", false, "problem"],
    ["2.22.9", true, "warning"],
    [undefined, true, "warning"],
    [undefined, false, "problem"],
  ])("Compose %s, beside a usable Pulumi %s: %s", (version, pulumi, state) => expect(judgeCompose(version, pulumi).state).toBe(state));

  test.each<[string | undefined, boolean, CheckState]>([
    ["v3.260.1", true, "ok"],
    ["v3.100.0", true, "problem"],
    ["v4.0.0", false, "warning"],
    [undefined, true, "problem"],
    [undefined, false, "ok"],
  ])("Pulumi %s, needed %s: %s", (version, needed, state) => expect(judgePulumi(version, needed).state).toBe(state));

  test("a plugin of another version is one that is missing, and the fix installs it", () => {
    const wanted = [
      { name: "docker", version: "5.2.0" },
      { name: "random", version: "4.21.2" },
    ];
    expect(judgePlugins(wanted, [wanted[1] as { name: string; version: string }, { name: "docker", version: "5.1.0" }])).toMatchObject({
      state: "warning",
      fix: "pulumi plugin install resource docker v5.2.0",
    });
    expect(judgePlugins(wanted, wanted).state).toBe("ok");
  });
});

const facts: DaemonFacts = { version: "28.1.0", rootFolder: "/var/lib/docker", memoryBytes: 8 * gib, aheadMs: 0 };
const endpoint = { host: "unix:///var/run/docker.sock", origin: "default" };

describe("the daemon", () => {
  const asked = (over: Partial<Examined>) => judgeDaemon({ endpoint, needsDocker: true, ...over });
  const daemon = (version: string) => ({ docker: {} as never, endpoint, facts: { ...facts, version } });

  test("that answers is told with its version and how it was found", () => {
    expect(asked({ daemon: daemon("28.1.0") })).toEqual({ state: "ok", found: "28.1.0 at unix:///var/run/docker.sock (default)" });
    expect(asked({ daemon: daemon("19.03.1") }).state).toBe("warning");
  });

  test.each([
    ["EACCES", "usermod -aG docker"],
    ["ENOENT", "start Docker"],
    ["ECONNREFUSED", "nobody listens"],
    ["", "DOCKER_HOST"],
  ])("silent with %j has a fix of its own", (code, fix) => {
    const verdict = asked({ silence: { code, message: "no" } });
    expect(verdict.state).toBe("problem");
    expect(verdict.fix).toContain(fix);
  });

  test("is not missed where nothing needs it", () => {
    expect(asked({ silence: { code: "ENOENT", message: "no" }, needsDocker: false }).state).toBe("ok");
  });
});

test.each<[number, CheckState]>([
  [0, "ok"],
  [-1900, "ok"],
  [3000, "warning"],
  [-59_000, "warning"],
  [61_000, "problem"],
])("a clock that is %i ms ahead: %s", (ahead, state) => expect(judgeClock(ahead).state).toBe(state));

test.each<[number, CheckState]>([
  [20, "ok"],
  [4.9, "warning"],
  [0.9, "problem"],
])("%f GiB of disk: %s", (free, state) => {
  const disks = [
    { folder: "/", freeBytes: 30 * gib },
    { folder: "/var/lib/docker", freeBytes: free * gib },
  ];
  expect(judgeDisks(disks).state).toBe(state);
});

test.each<[number, number | undefined, CheckState]>([
  [2048, undefined, "ok"],
  [9000, undefined, "warning"],
  [4096, 3 * gib, "warning"],
  [4096, 5 * gib, "ok"],
])("limits of %i MiB on 8 GiB with %s available: %s", (limits, available, state) =>
  expect(judgeMemory(limits, 8 * gib, available).state).toBe(state),
);

test("limits are those of what runs, not of steps", () => {
  const plan = planWith([container("db", "server", { memory: 512 }), container("db-databases", "job", { memory: 64 })]);
  expect(limitsOf(plan)).toBe(512);
});

describe("what is left behind", () => {
  const known: KnownCopies = {
    project: "shop",
    stacks: ["shop-dev", "shop-dev-two"],
    environments: ["dev", "prod"],
    planned: { stack: "shop-dev", volumes: ["shop-dev-db-data"] },
  };
  const volume = (name: string, stack: string) => ({ name, stack });

  test("volumes of environments, of their copies and of other projects are no orphans", () => {
    const volumes = [volume("shop-dev-db-data", "shop-dev"), volume("shop-dev-two-db-data", "shop-dev-two"), volume("blog-dev-db-data", "blog-dev")];
    expect(judgeVolumes(volumes, known)).toEqual({ state: "ok", found: "2 of this project's environments, none without one" });
  });

  test("one of a copy that nobody knows is, with the way to use it again and the way to delete it", () => {
    const { state, found, fix } = judgeVolumes([volume("shop-dev-old-db-data", "shop-dev-old")], known);
    expect(state).toBe("warning");
    expect(found).toContain("shop-dev-old-db-data");
    expect(fix).toBe("to use the data again: groundplan up dev --isolation old; to delete it for good: docker volume rm shop-dev-old-db-data");
  });

  test("so is one of a component that the environment has no more", () => {
    expect(judgeVolumes([volume("shop-dev-bus-data", "shop-dev")], known)).toMatchObject({
      state: "warning",
      fix: "to delete it for good: docker volume rm shop-dev-bus-data",
    });
  });

  test("networks of copies of which nothing runs", () => {
    const networks = [volume("shop-dev-db", "shop-dev"), volume("shop-dev-two-db", "shop-dev-two"), volume("blog-dev-db", "blog-dev")];
    expect(judgeNetworks(networks, ["shop-dev"], known)).toMatchObject({ state: "warning", fix: "docker network rm shop-dev-two-db" });
    expect(judgeNetworks(networks, ["shop-dev", "shop-dev-two"], known).state).toBe("ok");
  });

  test("what only begins like the project may be of another one, and no command deletes it", () => {
    const other = volume("shop-api-dev-db-data", "shop-api-dev");
    expect(judgeVolumes([other], known)).toEqual({
      state: "warning",
      found: "of another project? shop-api-dev-db-data",
      fix: "to see whose it is: docker volume inspect shop-api-dev-db-data",
    });
    expect(judgeVolumes([other], { ...known, stacks: ["shop-api-dev"] }).state).toBe("ok");
    const { fix } = judgeVolumes([other, volume("shop-prod-old-db-data", "shop-prod-old"), volume("shop-developer-data", "shop-developer")], known);
    expect(/docker volume rm ([^;]*)/.exec(fix ?? "")?.[1]).toBe("shop-prod-old-db-data");
    const network = volume("shop-api-dev-db", "shop-api-dev");
    expect(judgeNetworks([network], [], known)).toMatchObject({
      state: "warning",
      fix: "to see whose it is: docker network inspect shop-api-dev-db",
    });
    expect(judgeNetworks([network], ["shop-api-dev"], known).state).toBe("ok");
  });
});

test("what stands in the way of the plan is told in the row that it belongs to, with every fix", () => {
  const taken = { component: "db", path: "ports.db.sql", value: 5432, rule: "a free port; 5432 is held by process postgres (pid 7)", fix: "stop it" };
  const volume = { component: "db", path: "volume", value: "shop-dev-db-data", rule: "data in format postgres-17", fix: "go back" };
  expect(judgeProblems([taken, volume], "ports", "free")).toEqual({
    state: "problem",
    found: "db ports.db.sql = 5432: a free port; 5432 is held by process postgres (pid 7)",
    fix: "stop it",
  });
  expect(judgeProblems([taken], "data", "new")).toEqual({ state: "ok", found: "new" });
});

describe("the mirror", () => {
  const image = (mirrored: boolean, here: boolean) => ({ reference: "m:5000/library/postgres:16", mirrored, here });

  test.each<[string, Verdict["state"], readonly ReturnType<typeof image>[], string | undefined]>([
    ["has all", "ok", [image(true, false)], undefined],
    ["lacks one that the daemon has", "warning", [image(false, true)], undefined],
    ["lacks one", "problem", [image(false, false), image(true, false)], undefined],
    ["is silent, and the daemon has all", "warning", [image(false, true)], "ECONNREFUSED"],
    ["is silent, and the daemon lacks one", "problem", [image(false, false)], "ECONNREFUSED"],
  ])("%s: %s", (_, state, images, silent) => expect(judgeMirror("m:5000", images, silent).state).toBe(state));

  test.each([
    ["m:5000/library/postgres:16.1-alpine", "/v2/library/postgres/manifests/16.1-alpine"],
    [`m:5000/library/postgres:16@sha256:${"a".repeat(64)}`, `/v2/library/postgres/manifests/sha256:${"a".repeat(64)}`],
    [`m:5000/nats@sha256:${"b".repeat(64)}`, `/v2/nats/manifests/sha256:${"b".repeat(64)}`],
  ])("has the manifest of %s at %s", (reference, path) => expect(manifestPath(reference, "m:5000")).toBe(path));
});

test("routes are read from the kernel's table, without those of Docker and without the default", () => {
  const table = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010011AC	0003	0	0	0	00000000	0	0	0
tun0	0000D50A	00000000	0001	0	0	0	0000FFFF	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
`;
  expect(routesIn(table)).toEqual([{ subnet: "10.213.0.0/16", interface: "tun0" }]);
  expect(judgeRoutes(["10.213.4.0/27"], routesIn(table))).toMatchObject({ state: "warning", found: "in the way of 10.213.0.0/16 on tun0" });
  expect(judgeRoutes(["10.214.4.0/27"], routesIn(table)).state).toBe("ok");
});

test("what keeps credentials is for its owner alone", () => {
  const entry = (path: string, mode: number, mine = true) => ({ path, mode, mine });
  expect(judgeState([entry(".groundplan", 0o40700), entry(".groundplan/dev/passphrase", 0o100600)]).state).toBe("ok");
  expect(judgeState([entry(".groundplan", 0o40755)])).toMatchObject({ state: "problem", fix: "chmod go= .groundplan" });
  expect(judgeState([entry(".groundplan", 0o40700, false)])).toMatchObject({ state: "problem", found: ".groundplan belongs to another user" });
});

describe("other targets", () => {
  test("kubectl may be a minor version apart from the cluster", () => {
    expect(judgeCluster("v1.33.0", "v1.34.2+k3s1", "context c").state).toBe("ok");
    expect(judgeCluster("v1.31.0", "v1.34.2", "context c").state).toBe("warning");
  });

  test("credentials of AWS are told by where they are, never by what they are", () => {
    const secret = "wJalrXUtnFEMI";
    const source = awsCredentials({ AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: secret }, []);
    expect(JSON.stringify(judgeAws(source, "123456789012"))).not.toContain(secret);
    expect(awsCredentials({ AWS_PROFILE: "ops" }, ["default", "ops"])).toBe("profile ops of ~/.aws");
    expect(awsCredentials({ AWS_PROFILE: "gone" }, ["default"])).toBeUndefined();
    expect(judgeAws(undefined, "123456789012").state).toBe("problem");
  });
});

test("a check that does not answer, and one that fails, say so and stop no other", async () => {
  const checks = [
    { id: "slow", title: "Slow", look: () => new Promise<Verdict>(() => {}) },
    { id: "broken", title: "Broken", look: () => Promise.reject(new Error("no such file")) },
    { id: "good", title: "Good", look: () => ({ state: "ok", found: "here" }) as const },
  ];
  expect(await runChecks(checks, undefined, 50)).toEqual([
    { id: "slow", title: "Slow", state: "not looked at", found: "no answer within 0.05 s" },
    { id: "broken", title: "Broken", state: "not looked at", found: "could not be told: no such file" },
    { id: "good", title: "Good", state: "ok", found: "here" },
  ]);
});
