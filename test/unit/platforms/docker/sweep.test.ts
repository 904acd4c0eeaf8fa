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

test("one that it never lets go of is named with the way out, after everything else is gone", async () => {
  const { docker } = daemonWith(Array(9).fill(403));
  const volumes = [{ Name: "shop-dev-db-data", Labels: {} }];
  const removed: string[] = [];
  Object.assign(docker, {
    listVolumes: async () => ({ Volumes: volumes }),
    getVolume: (name: string) => ({ remove: async () => void removed.push(name) }),
  });
  await expect(sweep(docker, { prefix: "shop-dev", data: false, patienceMs: 0 })).rejects.toThrow(/holds on to shop-dev-edge, .*restart the daemon/);
  expect(removed).toEqual(["shop-dev-db-data"]);
});

test("one that somebody else removed first is gone; any other refusal is told", async () => {
  expect(await sweep(daemonWith([404]).docker, { prefix: "shop-dev", data: false })).toEqual(["network shop-dev-edge"]);
  await expect(sweep(daemonWith([500]).docker, { prefix: "shop-dev", data: false })).rejects.toThrow("(HTTP code 500)");
});
