// The engine runs whichever node is first on PATH; older ones cannot load TypeScript and would fail without a reason.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `groundplan needs Node 22.18 or later, and the node first on PATH is ${process.versions.node}.\nInstall a newer one, or put node_modules/.bin first: PATH="$PWD/node_modules/.bin:$PATH"`,
  );
  process.exit(1);
}

export default async () => (await import("./index.ts")).run();
