// The engine runs whichever node is first on PATH; older ones cannot load TypeScript and would fail without a reason.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`the policies of groundplan need Node 22.18 or later, and the node first on PATH is ${process.versions.node}`);
  process.exit(1);
}

// Not awaited: the engine's host requires this file, and what is required must not wait.
import("./start.ts").catch((error) => {
  if (!/Cannot find package '@pulumi\/policy'/.test(String(error))) throw error;
  console.error('the policy pack needs @pulumi/policy, which is not installed\n  Install: npm install "@pulumi/policy@^1.21.0"');
  process.exit(1);
});
