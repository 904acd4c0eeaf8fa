import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Ground, groundSettings, type ProfileName } from "../grounds.ts";
import { type InProcess, recordInProcess } from "../in-process.ts";
import { type ArgsOf, makers } from "./makers.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "groundplan-parity-"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  mkdirSync(join(root, "shared"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const recordedBefore = new Map<string, Promise<InProcess>>();

/** What the engine would be asked for; a plan without an argument is recorded once for all that need nothing beside it. */
export function recorded(component: string, target: Ground, args: ArgsOf, key?: string, profile?: ProfileName): Promise<InProcess> {
  const known = key === undefined ? undefined : recordedBefore.get(key);
  const make = makers[component];
  if (known || !make) return known ?? Promise.reject(new Error(`no maker for ${component}`));
  const made = recordInProcess((platform) => make(platform, args), { ...settings(component, target), ...(profile ? { profile } : {}) }, root);
  if (key !== undefined) recordedBefore.set(key, made);
  return made;
}

/** Three nodes want three zones, which dev has not; and proxies of a mesh serve a gateway. */
function settings(component: string, target: Ground): Readonly<Record<string, unknown>> {
  if (target === "aws") return { target, profile: component === "NatsCluster" ? "staging" : "dev", ...groundSettings.aws };
  if (target === "docker" || component !== "ServiceMeshGateway") return { target, profile: "dev", ...groundSettings[target] };
  return { target, profile: "dev", kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh: { mode: "sidecar" } } };
}

/** All that is asked for, as text. */
export const made = ({ resources }: InProcess) =>
  JSON.stringify(resources.filter(({ custom }) => custom).map(({ outputs: _, secretOutputs: __, ...asked }) => asked));
