// The engine runs whichever node is first on PATH; older ones cannot load TypeScript and would fail without a reason.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`the policies of groundplan need Node 22.18 or later, and the node first on PATH is ${process.versions.node}`);
  process.exit(1);
}

// Not awaited: the engine's host requires this file, and what is required must not wait.
import("./index.ts");
