import type Docker from "dockerode";
import { expect, test } from "vitest";
import { sweep } from "../../../../src/platforms/docker/sweep.ts";

/** A daemon that holds one network, and answers the attempts to remove it one after another. */
function daemonWith(answers: (number | undefined)[]) {
  const asked: string[] = [];
  const docker = {
    listContainers: async () => [],
    listNetworks: async () => [{ Id: "n1", Name: "shop-dev-edge" }],
    listVolumes: async () => ({ Volumes: [] }),
    getNetwork: (id: string) => ({
      remove: async () => {
        asked.push(id);
        const statusCode = answers.shift();
        if (statusCode !== undefined) throw Object.assign(new Error(`(HTTP code ${statusCode})`), { statusCode });
      },
    }),
  };
  return { asked, docker: docker as unknown as Docker };
}

test("a network that the daemon has not let go of yet is removed a moment later", async () => {
  const { asked, docker } = daemonWith([403, 403, undefined]);
  expect(await sweep(docker, { prefix: "shop-dev", data: false })).toEqual(["network shop-dev-edge"]);
  expect(asked).toEqual(["n1", "n1", "n1"]);
});

test("one that somebody else removed first is gone; any other refusal is told", async () => {
  expect(await sweep(daemonWith([404]).docker, { prefix: "shop-dev", data: false })).toEqual(["network shop-dev-edge"]);
  await expect(sweep(daemonWith([500]).docker, { prefix: "shop-dev", data: false })).rejects.toThrow("(HTTP code 500)");
});
