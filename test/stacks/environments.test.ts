import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { pinnedReference } from "../../src/core/images.ts";
import { resourcesOfType } from "../../src/preview/plan.ts";
import { recorded, repository } from "../support/recorded.ts";

const groundplan = (...args: string[]) =>
  execa(process.execPath, [join(repository, "bin", "groundplan.js"), ...args], {
    cwd: repository,
    reject: false,
    env: { GROUNDPLAN_ISOLATION: "", KUBECONFIG: "/nowhere/kubeconfig", NO_COLOR: "1" },
  });

describe("the environments of the repository", () => {
  test("the starter on Kubernetes is looked at without its cluster, which is named; nothing else is done without it", async () => {
    const { exitCode, stdout } = await groundplan("preview", "starter-staging");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^groundplan-starter-staging on kubernetes: 5 components, \d+ resources$/m);
    expect(stdout).toMatch(/context staging, which the kubeconfig of this machine \(.*\) does not have; namespace groundplan-starter-staging/);
    for (const command of ["up", "verify", "down"]) {
      const { exitCode: code, stderr } = await groundplan(command, "starter-staging");
      expect(code, `${command}\n${stderr}`).toBe(2);
      expect(stderr, command).toMatch(/no context "staging" in the kubeconfig|nothing is assumed for it|needs the Pulumi CLI/);
    }
  });

  test("the starter on AWS is looked at without an account or a network, and says what is not there on AWS", async () => {
    const { exitCode, stdout, stderr } = await groundplan("preview", "starter-prod");
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^groundplan-starter-prod on aws: 5 components, \d+ resources\n {2}account 123456789012, eu-central-1$/m);
    expect(stdout).toMatch(/api +http GET \/health +.+, and a steady service +.*db-databases done, db available/);
    for (const command of ["verify", "render"]) {
      const { exitCode: code, stderr: said } = await groundplan(command, "starter-prod");
      expect({ code, said }, command).toEqual({
        code: 2,
        said: expect.stringMatching(/^target aws (is not verified from here yet|has no form beside the plan)/),
      });
    }
  });

  test("settings of the ground are shown with where they come from", async () => {
    const { stdout } = await groundplan("config", "starter-staging");
    expect(stdout).toMatch(/kubernetes\.context +staging +Pulumi\.starter-staging\.yaml/);
  });

  test("the starter on Docker needs no daemon to be looked at", async () => {
    const { exitCode, stdout } = await execa(process.execPath, [join(repository, "bin", "groundplan.js"), "preview", "starter-dev"], {
      cwd: repository,
      reject: false,
      env: { GROUNDPLAN_ISOLATION: "", DOCKER_HOST: "tcp://127.0.0.1:1", NO_COLOR: "1" },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^groundplan-starter-dev on docker: 5 components, \d+ resources$/m);
    expect(stdout).toContain("api  AppService  DATABASE -> db:5432, NATS -> bus:4222, QUEUE -> queue:9324, REDIS -> cache:6379");
  });

  test("images have full versions, with or without a mirror", async () => {
    const namesOf = async (mirror: string) =>
      resourcesOfType(await recorded({ environment: { GROUNDPLAN_IMAGE_MIRROR: mirror } }), "docker:index/remoteImage:RemoteImage").map(
        ({ inputs }) => String(inputs.name),
      );
    const [plain, mirrored] = [await namesOf(""), await namesOf("mirror.example:5000")];
    expect(plain).toHaveLength(6);
    for (const name of [...plain, ...mirrored]) {
      expect(name).toMatch(pinnedReference);
      expect(name).toMatch(/:\d+\.\d+/);
    }
    const repositories = (names: readonly string[]) => names.map((name) => name.replace(/^[^/]+\//, "").replace(/@.*/, ""));
    expect(mirrored.every((name) => name.startsWith("mirror.example:5000/"))).toBe(true);
    expect(repositories(mirrored)).toEqual(repositories(plain));
  });
});
