/** Copies what the compiled code reads: files that are no code keep their place beside the code that finds them. */
import { cpSync, existsSync } from "node:fs";
import { extname, join, sep } from "node:path";

const root = join(import.meta.dirname, "..");
const folders = ["src", "components", "policies", "templates", "docs/ci"];
const bundles = ["components/app-service/placeholder/dist/server.mjs", "components/nats-temporal-bridge/service/dist/bridge.mjs"];

/** Written by the compiler, and the waivers of this repository's own environments. */
const notThese = ["policies/index.js", "policies/waivers.yaml"].map((file) => join(root, file));

/** All of the templates; elsewhere neither sources nor what people read. */
function wanted(path: string): boolean {
  if (path.startsWith(join(root, "templates") + sep)) return true;
  return ![".ts", ".mts", ".md"].includes(extname(path)) && !notThese.includes(path);
}

const missing = bundles.filter((bundle) => !existsSync(join(root, bundle)));
if (missing.length > 0) throw new Error(`${missing.join(" and ")} missing; run: npm run prepare`);
for (const folder of folders) cpSync(join(root, folder), join(root, "dist", folder), { recursive: true, filter: wanted });
