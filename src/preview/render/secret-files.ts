import type { PlanObject } from "../kubernetes.ts";
import type { RenderedFile } from "./compose.ts";
import { kustomization, publicMetadata } from "./kustomize.ts";

/** The Secrets of a plan as files that git ignores, and a kustomization that makes the Secrets out of them under the names that the manifests use. */
export function secretsFolder(secrets: readonly PlanObject[]): RenderedFile[] {
  if (secrets.length === 0) return [];
  const generators = secrets.map((secret) => {
    const { manifest, name, namespace } = secret;
    const { labels, annotations } = publicMetadata(manifest);
    return {
      name,
      ...(namespace ? { namespace } : {}),
      type: (manifest.type as string | undefined) ?? "Opaque",
      files: Object.keys(valuesOf(secret)).map((key) => `${key}=${name}/${key}`),
      options: {
        disableNameSuffixHash: true,
        ...(manifest.immutable ? { immutable: true } : {}),
        ...(labels ? { labels } : {}),
        ...(annotations ? { annotations } : {}),
      },
    };
  });
  return [
    {
      path: "secrets/kustomization.yaml",
      content: kustomization({ secretGenerator: generators }),
      mode: 0o644,
    },
    { path: "secrets/.gitignore", content: "# Everything but the list of names is secret.\n*\n!.gitignore\n!kustomization.yaml\n", mode: 0o644 },
    ...secrets.flatMap((secret) =>
      Object.entries(valuesOf(secret)).map(([key, content]) => ({ path: `secrets/${secret.name}/${key}`, content, mode: 0o600 })),
    ),
  ];
}

function valuesOf({ manifest, resource }: PlanObject): Readonly<Record<string, string>> {
  if (manifest.data) throw new Error(`${resource.name}: a Secret is rendered from stringData, and this one has data`);
  return (manifest.stringData ?? {}) as Record<string, string>;
}
