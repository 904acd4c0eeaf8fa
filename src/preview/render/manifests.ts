import { PlanProblems, type Problem } from "../../core/problems.ts";
import { pushedImagesOf } from "../containers.ts";
import { chartsOf, type Manifest, namespaceOf, objectsOf, type PlanObject } from "../kubernetes.ts";
import { componentsOf, mapStrings, type Plan } from "../plan.ts";
import { inBindingOrder } from "../tree.ts";
import type { RenderedFile } from "./compose.ts";
import { applyScript, type Guide, readme, valuesFile } from "./kubernetes-guide.ts";
import { kustomization, publicMetadata, yaml } from "./kustomize.ts";
import { secretsFolder } from "./secret-files.ts";

/** A folder for `kubectl apply -k`. */
export interface ManifestProject {
  readonly namespace: string;
  readonly files: readonly RenderedFile[];
}

/** One folder of the project: a component, or what belongs to the stack as a whole. */
export interface ManifestFolder {
  readonly name: string;
  readonly objects: readonly PlanObject[];
}

/** Folder of what no component made: the namespace and its rules. */
const stackFolder = "stack";
/** Folder of what is installed before, and its namespaces: kubectl alone installs no charts. */
const installFolder = "install";

/** A plan for Kubernetes as plain manifests. Pure: the same plan gives the same text; secrets stand in files below `secrets` alone. */
export function renderManifests(plan: Plan, context: string): ManifestProject {
  const objects = objectsOf(plan);
  const namespace = namespaceOf(plan);
  const folders = foldersOf(plan, objects, namespace);
  const charts = chartsOf(plan);
  const secrets = objects.filter(({ kind }) => kind === "Secret");
  const guide: Guide = { name: namespace, context, namespace, folders, secrets: secrets.length > 0, images: pushedImagesOf(plan), charts };
  return {
    namespace,
    files: [
      text(
        "kustomization.yaml",
        inGivenOrder([
          ...folders.map(({ name }) => name).filter((name) => name === stackFolder),
          ...(secrets.length > 0 ? ["secrets"] : []),
          ...folders.map(({ name }) => name).filter((name) => name !== stackFolder && name !== installFolder),
        ]),
      ),
      ...folders.flatMap((folder) => filesOf(plan, folder)),
      ...charts.map(({ name, values }) => text(`${installFolder}/${valuesFile(name)}`, yaml(values))),
      ...secretsFolder(secrets),
      text("README.md", readme(guide)),
      { path: "apply.sh", content: applyScript(guide), mode: 0o755 },
    ],
  };
}

function foldersOf(plan: Plan, objects: readonly PlanObject[], namespace: string): ManifestFolder[] {
  const plain = objects.filter(({ kind }) => kind !== "Secret");
  const components = inBindingOrder(componentsOf(plan)).map(({ name }) => name);
  const folder = (name: string, component: string) => ({ name, objects: plain.filter((object) => object.component === component) });
  const whole = folder("", "").objects;
  const beside = (object: PlanObject) => (object.namespace || (object.kind === "Namespace" ? object.name : namespace)) !== namespace;
  return [
    { name: installFolder, objects: whole.filter(beside) },
    { name: stackFolder, objects: whole.filter((object) => !beside(object)) },
    ...components.map((name) => folder(name, name)),
  ].filter((made) => made.objects.length > 0);
}

function filesOf(plan: Plan, { name, objects }: ManifestFolder): RenderedFile[] {
  const named = objects.map((object) => ({ object, file: fileName(object, objects) }));
  return [
    text(`${name}/kustomization.yaml`, inGivenOrder(named.map(({ file }) => file))),
    ...named.map(({ object, file }) => text(`${name}/${file}`, yaml(publicManifest(plan, object)))),
  ];
}

/** `statefulset-bus.yaml`; with the group when two kinds of one name meet. */
function fileName({ kind, name, manifest }: PlanObject, all: readonly PlanObject[]): string {
  const alike = all.filter((other) => other.kind === kind && other.name === name);
  const group = alike.length > 1 ? `-${manifest.apiVersion.replace("/", "-")}` : "";
  return `${kind.toLowerCase()}-${name}${group}.yaml`;
}

const inPlainText = (name: string, kind: string, held: string): Problem => ({
  component: name,
  path: kind,
  value: held,
  rule: "no secret outside of a Secret",
  fix: "give it as a variable or a file of the component",
  code: "GP330",
});

/**
 * The manifest without what only the engine reads, and with an image that is built by its tag, which is the hash of what
 * goes into it: the digest is known when it is pushed. No secret stands in it.
 */
function publicManifest(plan: Plan, { resource, manifest }: PlanObject): Manifest {
  const { apiVersion, kind, metadata: _, ...rest } = manifest;
  const written = JSON.stringify(manifest);
  const held = plan.credentials.find(({ value }) => written.includes(value))?.name ?? resource.secretInputs[0];
  if (held) throw new PlanProblems([inPlainText(resource.name, kind, held)]);
  const tagged = mapStrings(rest, (text) => pushedImagesOf(plan).find(({ digest }) => digest === text)?.name ?? text) as typeof rest;
  return { apiVersion, kind, metadata: publicMetadata(manifest), ...tagged };
}

/** kubectl would sort by kind. */
const inGivenOrder = (resources: readonly string[]) => kustomization({ sortOptions: { order: "fifo" }, resources });

const text = (path: string, content: string): RenderedFile => ({ path, content, mode: 0o644 });
