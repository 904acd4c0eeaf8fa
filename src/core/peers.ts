import type { Target } from "./platform.ts";

/**
 * SDKs that a project installs beside groundplan, one copy for both, with the ranges that it works with: the
 * `peerDependencies` of package.json. `@pulumi/pulumi` and `@pulumi/random` are always needed.
 */
export const peers = {
  "@pulumi/pulumi": "^3.270.0",
  "@pulumi/random": "^4.21.2",
  "@pulumi/docker": "^5.2.0",
  "@pulumi/kubernetes": "^4.34.2",
  "@pulumi/aws": "^7.48.0",
  "@pulumi/tls": "^5.6.1",
  "@pulumi/policy": "^1.21.0",
} as const;
export type Peer = keyof typeof peers;

const ofTarget: Readonly<Record<Target, readonly Peer[]>> = {
  docker: ["@pulumi/docker"],
  kubernetes: ["@pulumi/kubernetes", "@pulumi/tls"],
  aws: ["@pulumi/aws", "@pulumi/tls"],
};

/** The SDKs without which a target cannot be opened. */
export const peersOf = (target: Target): readonly Peer[] => ["@pulumi/pulumi", "@pulumi/random", ...ofTarget[target]];

/** What to run to have them. */
export const installLine = (missing: readonly Peer[]): string => `npm install ${missing.map((peer) => `"${peer}@${peers[peer]}"`).join(" ")}`;

/**
 * The SDK that Node looked for and did not find, by the words of its error or of a log with it: ESM names the package, CommonJS
 * the file that was asked for. Undefined when something else is wrong.
 */
export function missingPeer(text: string): Peer | undefined {
  const [, name] = /Cannot find (?:package|module) '(@pulumi\/[a-z]+)(?:\/[^']*)?'/.exec(text) ?? [];
  return Object.hasOwn(peers, name ?? "") ? (name as Peer) : undefined;
}

/** What is said of SDKs that are not installed. */
export const notInstalled = (missing: readonly Peer[], what: string): string =>
  `${what} needs ${missing.join(" and ")}, which ${missing.length === 1 ? "is" : "are"} not installed\n  Install: ${installLine(missing)}`;

/** The same, found in what a program said: it loads the ground of its target late, and tells then. */
export const saidNotInstalled = (text: string): string | undefined =>
  /^.* needs @pulumi\/.*, which (?:is|are) not installed\n\s*Install: .*$/m.exec(text)?.[0];
