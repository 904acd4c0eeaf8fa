import { stringify } from "yaml";
import type { Manifest } from "../kubernetes.ts";

/** Names, labels and annotations as every tool reads them; notes for the engine are left out. */
export function publicMetadata({ metadata }: Manifest): Manifest["metadata"] {
  const { annotations = {}, ...rest } = metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/"));
  return { ...rest, ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}) };
}

export const kustomization = (content: Readonly<Record<string, unknown>>) =>
  yaml({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...content });

/** kubectl reads YAML 1.1, in which `on`, `1_0` and `12:30` are no text: those are quoted. */
export const yaml = (value: unknown) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, version: "1.1" });
