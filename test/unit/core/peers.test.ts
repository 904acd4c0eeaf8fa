import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installLine, missingPeer, notInstalled, peers } from "../../../src/core/peers.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const { peerDependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test("the ranges that are told are those that npm checks, and begin with the versions that are tested here", () => {
  expect(peers).toEqual(peerDependencies);
  expect(Object.values(peers).map((range) => range.slice(1))).toEqual(Object.keys(peers).map((peer) => devDependencies[peer]));
  // The policies load nothing of the library, so their start has the line in its own words.
  expect(readFileSync(join(root, "policies", "index.js"), "utf8")).toContain(installLine(["@pulumi/policy"]));
});

test("the SDK that Node did not find is known by the words of ESM and of CommonJS, and of nobody else", async () => {
  const words = async (name: string) => String(await import(name).catch((error: unknown) => error));
  expect(missingPeer((await words("@pulumi/awsx/index.js")).replaceAll("awsx", "aws"))).toBe("@pulumi/aws");
  expect(missingPeer("Error: Cannot find module '@pulumi/docker/image.js'\nRequire stack:\n- /a/b.js")).toBe("@pulumi/docker");
  expect(missingPeer("Error: Cannot find package '@pulumi/gcp' imported from /a/b.js")).toBeUndefined();
  expect(missingPeer("Error: Cannot find module './aws.js'")).toBeUndefined();
});

test("what is missing is told with one line that installs all of it", () => {
  expect(notInstalled(["@pulumi/kubernetes", "@pulumi/tls"], "target kubernetes")).toBe(
    'target kubernetes needs @pulumi/kubernetes and @pulumi/tls, which are not installed\n  Install: npm install "@pulumi/kubernetes@^4.34.2" "@pulumi/tls@^5.6.1"',
  );
});
