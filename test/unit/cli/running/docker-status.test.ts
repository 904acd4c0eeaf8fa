import { describe, expect, test } from "vitest";
import { dockerStatus } from "../../../../src/cli/running/docker-status.ts";
import { ago, stackStatus, summaryOf } from "../../../../src/cli/running/status.ts";
import type { SeenContainer, SeenImage } from "../../../../src/platforms/docker/seen.ts";
import type { Plan, PlanResource } from "../../../../src/preview/plan.ts";

const labels = (component: string, role: string) => [
  { label: "io.groundplan.component", value: component },
  { label: "io.groundplan.role", value: role },
];

function resource(type: string, name: string, inputs: Record<string, unknown>, over: Partial<PlanResource> = {}): PlanResource {
  return {
    urn: `urn::${type}::${name}`,
    id: "",
    type,
    name,
    custom: true,
    inputs,
    outputs: {},
    secretInputs: [],
    dependencies: [],
    ...over,
  } as unknown as PlanResource;
}

const container = (name: string, role: string, inputs: Record<string, unknown> = {}, over: Partial<PlanResource> = {}) =>
  resource(
    "docker:index/container:Container",
    name,
    { name: `shop-dev-${name}`, image: "sha256:planned", labels: labels("db", role), envs: ["MODE=on", "URL=x://u:token@h"], ...inputs },
    over,
  );

const plan = (...resources: PlanResource[]) =>
  ({
    resources: [
      resource("docker:index/remoteImage:RemoteImage", "i", { name: "postgres:16" }, { outputs: { imageId: "sha256:planned" } }),
      ...resources,
    ],
    credentials: [{ name: "db-password", urn: "", value: "token" }],
  }) as unknown as Plan;

const seen = (name: string, over: Partial<SeenContainer> = {}): SeenContainer => ({
  id: name,
  name: `shop-dev-${name}`,
  component: "db",
  role: "server",
  engine: "compose",
  state: "running",
  health: "healthy",
  exitCode: 0,
  error: "",
  outOfMemory: false,
  restarts: 0,
  since: "2026-01-01T00:00:00Z",
  image: "postgres:16",
  imageId: "sha256:real",
  env: ["MODE=on", "URL=x://u:real@h", "PATH=/bin"],
  command: [],
  entrypoint: [],
  user: "",
  memoryMiB: 0,
  cpus: 0,
  readOnlyRoot: false,
  healthTest: [],
  networks: [],
  ports: [],
  mounts: [],
  ...over,
});

const images = new Map<string, SeenImage>([
  ["postgres:16", { id: "sha256:real", env: [] }],
  ["sha256:real", { id: "sha256:real", env: ["PATH=/bin"] }],
]);

const judged = (now: SeenContainer[], planned = plan(container("db", "server")), real = false) =>
  dockerStatus(planned, { containers: now, images, volumes: [] }, "shop-dev", real);

describe("what became of a part", () => {
  test.each([
    ["healthy", {}, true],
    ["running", { health: undefined }, true],
    ["starting", { health: "starting" }, false],
    ["unhealthy (restarted 2 times)", { health: "unhealthy", restarts: 2 }, false],
    ["exited with code 137: out of memory", { state: "exited", exitCode: 137, outOfMemory: true }, false],
    ["stopped", { state: "exited" }, false],
    ["restarting (4 times, last code 1)", { state: "restarting", exitCode: 1, restarts: 4 }, false],
    ["never started: port is taken", { state: "created", error: "port is taken" }, false],
  ])("%s", (state, over, ok) => {
    expect(judged([seen("db", over)])).toMatchObject([{ part: "db", state, ok, drift: [] }]);
  });

  test("a job is done, or failed with its code; a container of nobody is told", () => {
    const job = plan(container("db-databases", "job"));
    expect(judged([seen("db-databases", { role: "job", state: "exited" })], job)).toMatchObject([{ state: "done", ok: true }]);
    expect(judged([seen("db-databases", { role: "job", state: "exited", exitCode: 3 })], job)).toMatchObject([
      { state: "failed with code 3", ok: false },
    ]);
    expect(judged([seen("old")])).toMatchObject([
      { part: "db", state: "missing", missing: true },
      { part: "old", kind: "other", state: "running, not in the plan", ok: false },
    ]);
  });

  test("a part that cannot say by itself is as healthy as its prober says", () => {
    const server = container("db", "server");
    const prober = container("db-prober", "prober", {}, { dependencies: [server.urn] });
    const both = (over: Partial<SeenContainer>) =>
      judged([seen("db", { health: undefined }), seen("db-prober", { role: "prober", ...over })], plan(server, prober));
    expect(both({})).toMatchObject([{ state: "healthy", ok: true }]);
    expect(both({ health: "unhealthy" })).toMatchObject([{ state: "unhealthy", ok: false }]);
    expect(both({ state: "exited", exitCode: 1 })).toMatchObject([{ state: "running, and its prober is exited with code 1", ok: false }]);
  });

  test("data without its volume is missing", () => {
    const volume = resource("docker:index/volume:Volume", "db-data", { name: "shop-dev-db-data", labels: labels("db", "data") });
    expect(judged([], plan(volume))).toMatchObject([{ part: "db-data", kind: "volume", state: "missing", ok: false }]);
  });
});

describe("what differs from the plan", () => {
  const drift = (over: Partial<SeenContainer>, inputs: Record<string, unknown> = {}, real = false) =>
    judged([seen("db", over)], plan(container("db", "server", inputs)), real)[0]?.drift;

  test.each<[string, Partial<SeenContainer>, Record<string, unknown>, string[]]>([
    ["another image", { image: "postgres:15", imageId: "sha256:old" }, {}, ["image postgres:15, planned postgres:16", "variables PATH"]],
    [
      "the same name, another image",
      { imageId: "sha256:old" },
      { envs: ["MODE=on", "URL=x://u:token@h", "PATH=/bin"] },
      ["image postgres:16 was made or pulled anew since"],
    ],
    ["a variable changed and one added", { env: ["MODE=off", "URL=x://u:real@h", "MORE=1"] }, {}, ["variables MODE, MORE"]],
    ["memory", { memoryMiB: 256 }, { memory: 512 }, ["memory in MiB 256, planned 512"]],
    ["CPUs as text", { cpus: 1 }, { cpus: "1.0" }, []],
    ["ports", {}, { ports: [{ ip: "127.0.0.1", external: 1, internal: 2 }] }, ["ports none, planned 127.0.0.1:1->2"]],
    ["networks", { networks: ["b"] }, { networksAdvanced: [{ name: "a" }] }, ["not in network a", "in network b"]],
    ["volumes", { mounts: ["other:/data"] }, { volumes: [{ volumeName: "db", containerPath: "/data" }] }, ["not mounted db:/data"]],
  ])("%s", (_, over, inputs, expected) => {
    expect(drift(over, inputs)).toEqual(expected);
  });

  test("what is made of credentials is compared only with the real ones", () => {
    const files = { volumes: [{ volumeName: "db-files-0123456789", containerPath: "/etc" }] };
    const other = { mounts: ["db-files-abcdefabcd:/etc"] };
    expect(drift(other, files)).toEqual([]);
    expect(drift(other, files, true)).toEqual(["variables URL", "files"]);
    expect(drift({ env: ["MODE=on", "URL=x://u:token@h", "PATH=/bin"] }, {}, true)).toEqual([]);
  });
});

test("the summary says what is not as planned, or that nothing runs and how to start it", () => {
  const head = { stack: "shop-dev", target: "docker", engine: "compose", notCompared: [] };
  const [missing] = judged([]);
  if (!missing) throw new Error("no part");
  expect(summaryOf(stackStatus(head, [missing]), "groundplan up dev")).toBe("shop-dev is not running; start it: groundplan up dev");
  const some = stackStatus(head, [missing, { ...missing, part: "api", state: "healthy", ok: true, missing: false }]);
  expect([some.running, some.asPlanned, summaryOf(some, "")]).toEqual([true, false, "1 of 2 parts are as planned; not: db (missing)"]);
});

test.each([
  [40, "40 s"],
  [720, "12 min"],
  [10_800, "3 h"],
  [800_000, "9 d"],
])("%i seconds ago is %s", (seconds, text) => {
  expect(ago(new Date(0).toISOString(), seconds * 1000)).toBe(text);
});
