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
    env: { GROUNDPLAN_ISOLATION: "", NO_COLOR: "1" },
  });

describe("the environments of the repository", () => {
  test.each([
    ["staging", "kubernetes"],
    ["prod", "aws"],
  ])("%s is not carried yet: every command says so, names what works, and ends with 2", async (env, target) => {
    for (const command of [["preview"], ["preview", "--json"], ["render"], ["up"], ["down"], ["verify"]]) {
      const { exitCode, stdout, stderr } = await groundplan(...command, env);
      expect(stderr, command.join(" ")).toBe(
        `target ${target}: this ground comes next; what is built so far is target docker (Pulumi.dev.yaml). Try: groundplan preview dev`,
      );
      expect({ exitCode, stdout }, command.join(" ")).toEqual({ exitCode: 2, stdout: "" });
    }
  });

  test("dev needs no daemon to be looked at", async () => {
    const { exitCode, stdout } = await execa(process.execPath, [join(repository, "bin", "groundplan.js"), "preview", "dev"], {
      cwd: repository,
      reject: false,
      env: { GROUNDPLAN_ISOLATION: "", DOCKER_HOST: "tcp://127.0.0.1:1", NO_COLOR: "1" },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^groundplan-dev on docker: 4 components, \d+ resources$/m);
    expect(stdout).toContain("api  AppService  DATABASE -> db:5432, NATS -> bus:4222, REDIS -> cache:6379");
  });

  test("images have full versions, with or without a mirror", async () => {
    const namesOf = async (mirror: string) =>
      resourcesOfType(await recorded({ environment: { GROUNDPLAN_IMAGE_MIRROR: mirror } }), "docker:index/remoteImage:RemoteImage").map(
        ({ inputs }) => String(inputs.name),
      );
    const [plain, mirrored] = [await namesOf(""), await namesOf("mirror.example:5000")];
    expect(plain).toHaveLength(5);
    for (const name of [...plain, ...mirrored]) {
      expect(name).toMatch(pinnedReference);
      expect(name).toMatch(/:\d+\.\d+/);
    }
    const repositories = (names: readonly string[]) => names.map((name) => name.replace(/^[^/]+\//, "").replace(/@.*/, ""));
    expect(mirrored.every((name) => name.startsWith("mirror.example:5000/"))).toBe(true);
    expect(repositories(mirrored)).toEqual(repositories(plain));
  });
});
