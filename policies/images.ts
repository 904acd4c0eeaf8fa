import { buildKitImage, buildKitIndex, builtImage, container, remoteImage, service } from "./docker.ts";
import * as tasks from "./ecs-task.ts";
import type { Resource } from "./model.ts";
import * as pods from "./pods.ts";
import { below, isUnknown, list, peek, text } from "./read.ts";

/** Where resources of all targets name the images that they run. */

const { taskDefinition } = tasks;
const podTypes = [...pods.workloadTypes, ...pods.workloadPatchTypes];
const lambda = "aws:lambda/function:Function";

/** Types that run images, and those that bring them. */
export const imageTypes: readonly string[] = [
  ...[container, service, remoteImage, builtImage, buildKitImage, buildKitIndex],
  ...[taskDefinition, lambda],
  ...podTypes,
];

export interface NamedImage {
  readonly path: string;
  readonly image: string;
}

/** Every image that a resource names, with the path of the name. */
export function* imagesOf(resource: Resource): Iterable<NamedImage> {
  const { type, inputs } = resource;
  // The image of a container that is not known yet comes from a resource of its own, whose name is looked at.
  if (type === container && isUnknown(peek(inputs, "image"))) return;
  const input = { [container]: "image", [remoteImage]: "name", [builtImage]: "imageName", [buildKitIndex]: "tag", [lambda]: "imageUri" }[type];
  if (input !== undefined) yield* named(input, inputs[input]);
  if (type === service) yield* named("taskSpec.containerSpec.image", below(inputs, "taskSpec.containerSpec.image"));
  if (type === buildKitImage) for (const [index, tag] of list(inputs.tags).entries()) yield* named(`tags[${index}]`, tag);
  if (type === taskDefinition) for (const [path, { image }] of tasks.containersOf(inputs)) yield* named(`${path}.image`, image);
  if (podTypes.includes(type)) for (const { path, spec } of pods.containersOf(resource)) yield* named(`${path}.image`, spec.image);
}

const named = (path: string, image: unknown): NamedImage[] => ((text(image) ?? "") === "" ? [] : [{ path, image: text(image) ?? "" }]);

export interface ImageReference {
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** `host:5000/acme/web:1.2@sha256:...` in its parts; undefined for the id of an image, which is a digest by itself. */
export function imageReference(image: string): ImageReference | undefined {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(image)) return undefined;
  const [name = "", digest] = image.split("@");
  return { tag: name.split("/").at(-1)?.split(":")[1], digest };
}
