import { expect } from "vitest";
import type { CustomManifest } from "../../../../src/platforms/kubernetes/custom-object.ts";
import { type Mesh, meshOf } from "../../../../src/platforms/kubernetes/mesh/mesh.ts";
import type { Manifest } from "../../../../src/preview/kubernetes.ts";
import { schemaErrors } from "../../../support/kubernetes/schema.ts";
import { settingsOf } from "../../../support/settings.ts";

export const stackLabels = { "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "groundplan", "io.groundplan.stack": "shop-prod" };

/** The mesh of an environment with this profile. */
export function meshFor(profile: "dev" | "staging" | "prod", mesh: object = {}, cluster: object = {}): Mesh {
  const kubernetes = { context: "lab", storageClass: "standard", mesh: { mode: "sidecar", ...mesh }, ...cluster };
  const found = meshOf(settingsOf({ target: "kubernetes", profile, kubernetes }));
  if (!found) throw new Error("no mesh");
  return found;
}

/** What the API server reads of an object that the schema of its kind takes. */
export async function whole(manifest: CustomManifest | undefined): Promise<CustomManifest | undefined> {
  if (manifest) expect(await schemaErrors(manifest as unknown as Manifest)).toEqual([]);
  return manifest;
}
