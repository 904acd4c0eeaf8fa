import type { Input } from "@pulumi/pulumi";
import { type ImageSource, imageReference } from "../../core/images.ts";
import { stackPrefix } from "../../core/naming.ts";
import { pushedImage } from "../image-build.ts";
import type { KubernetesContext } from "./context.ts";
import { versionOf } from "./manifests/names.ts";

export interface PodImage {
  readonly image: Input<string>;
  /** For the label that people read. */
  readonly version?: string;
}

/** An image as a pod names it: a reference, or for a built one what its registry says it is. */
export function imageOf(context: KubernetesContext, source: ImageSource, component: string, architecture?: "amd64" | "arm64"): PodImage {
  const { settings, cluster, root, platform } = context;
  if (!("build" in source)) {
    const image = imageReference(source, settings.images);
    const version = versionOf(image);
    return version ? { image, version } : { image };
  }
  const name = `image-${component}`;
  const repository = `${cluster.registry}/${stackPrefix(settings)}-${component}`;
  const build = { root, build: source.build, repository, ...(architecture ? { architecture: `linux/${architecture}` } : {}) };
  return { image: context.once(name, () => pushedImage(platform, name, build)).repoDigest };
}
