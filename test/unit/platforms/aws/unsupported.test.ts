import { describe, expect, test } from "vitest";
import { exec, http } from "../../../../src/core/probe.ts";
import type { StackSettings } from "../../../../src/core/settings.ts";
import { awsProblems, awsWarnings } from "../../../../src/platforms/aws/unsupported.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";

const aws = { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b"] };
const ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

function facts(over: object = {}, more: object = {}) {
  const settings: StackSettings = settingsOf({ target: "aws", aws: { ...aws, ...over }, ...more });
  if (!settings.aws) throw new Error("no settings of AWS");
  return { settings, aws: settings.aws, sizes: settings.profile.aws, root: import.meta.dirname };
}
const service = (args: object) => soundSpec("AppService", "api", { image: `${ecr}/api:1.0`, ports: { http: 8000 }, health: http("/"), ...args });
const found = (args: object, over: object = {}, more: object = {}) => awsProblems(facts(over, more), service(args), false).map(({ path }) => path);

describe("what tasks on Fargate cannot honour", () => {
  test("an ordinary service is accepted, and one that keeps files", () => {
    expect(found({})).toEqual([]);
    expect(found({ volumes: { data: { path: "/data" } }, replicas: 1 })).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ["a folder that several replicas would write into", { volumes: { data: { path: "/data" } }, replicas: 2 }, ["replicas"]],
    [
      "copies for which no task has the disk",
      {
        checkouts: {
          docs: { url: "https://git.example/docs.git", ref: "main", path: "/docs", sizeMiB: 102_400 },
          more: { url: "https://git.example/more.git", ref: "main", path: "/more", sizeMiB: 102_400 },
        },
      },
      ["checkouts"],
    ],
    ["more memory than there is", { memoryMiB: 200_000 }, ["memoryMiB"]],
    ["more processors than there are", { cpus: 32 }, ["memoryMiB"]],
    ["a stop that takes longer than two minutes", { stopSeconds: 300 }, ["stopSeconds"]],
    [
      "a check beyond the limits",
      { health: exec(["ok"], { intervalSeconds: 600, retries: 30, startSeconds: 900 }) },
      ["health.intervalSeconds", "health.retries", "health.startSeconds"],
    ],
    ["a folder that is not there", { image: { build: { context: "nowhere" } } }, ["image.build.context"]],
  ])("%s", (_, args, expected) => {
    expect(found(args)).toEqual(expected);
  });

  test("without a way out: images elsewhere than in ECR, and egress", () => {
    const args = { image: "ghcr.io/acme/api:1.0", egress: [{ host: "api.github.com", port: 443 }] };
    // The check asks with an image of the table.
    expect(found(args, { nat: "none" })).toEqual(["image", "egress", "image"]);
    expect(found({}, { nat: "none" }, { mirror: `${ecr}/hub` })).toEqual([]);
    expect(found(args, { nat: "one" })).toEqual([]);
  });

  test("replicas that each have a name and a volume of their own", () => {
    const paths = (replicas: number) => awsProblems(facts(), soundSpec("NatsCluster", "bus", { replicas }), false).map(({ path }) => path);
    expect([paths(1), paths(3)]).toEqual([[], ["replicas"]]);
  });

  test("jobs of managed systems are looked at, the workloads that they stand in for are not", () => {
    const spec = soundSpec("RedisCache", "cache");
    expect(awsProblems(facts(), spec, true)).toEqual([]);
    expect(awsProblems(facts({ nat: "none" }), spec, true).map(({ path }) => path)).toEqual(spec.jobs.map(() => "image"));
  });
});

describe("what is honoured more coarsely", () => {
  test("images that are pulled through the group of their task, and checks that are rounded", () => {
    const [images, ...rest] = awsWarnings(
      facts(),
      service({ image: "ghcr.io/acme/api:1.0", health: http("/", { intervalSeconds: 2, timeoutSeconds: 1 }) }),
      false,
    );
    expect(images).toMatch(/images from ghcr\.io, docker\.io: .* port 443/);
    expect(rest).toEqual([
      "health.intervalSeconds: ECS checks with 5 seconds instead of 2",
      "health.timeoutSeconds: ECS checks with 2 seconds instead of 1",
    ]);
    expect(awsWarnings(facts({}, { mirror: `${ecr}/hub` }), service({}), false)).toEqual([]);
    // Of anything else nobody wrote the timings.
    const others = ["RedisCache", "NatsCluster", "OpaServer", "TemporalServer"] as const;
    const library = others.map((kind) => ({ ...service({ health: http("/", { intervalSeconds: 2, timeoutSeconds: 1 }), tools: ["wget"] }), kind }));
    for (const spec of library) expect(awsWarnings(facts({}, { mirror: `${ecr}/hub` }), spec, false)).toEqual([]);
    const checkouts = { docs: { url: "https://git.example/docs.git", ref: "main", path: "/docs" } };
    // The program is there to ask with: only the step that clones has an image of ours.
    const cloning = awsWarnings(facts(), service({ tools: ["wget"], checkouts }), false);
    expect(cloning).toContainEqual(expect.stringMatching(/^images from docker\.io: /));
    expect(cloning).toContainEqual(expect.stringMatching(/^copies of Git repositories \(checkouts\): aws gives /));
  });
});
