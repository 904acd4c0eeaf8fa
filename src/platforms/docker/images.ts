import { join } from "node:path";
import { Image } from "@pulumi/docker/image.js";
import { RemoteImage } from "@pulumi/docker/remoteImage.js";
import type { Output } from "@pulumi/pulumi";
import { type Build, type ImageSource, imageReference } from "../../core/images.ts";
import { buildFolder, buildTag } from "./build-context.ts";
import type { DockerContext } from "./context.ts";

/** An image as containers name it: by content, so that a changed image replaces them. */
export function imageOf(context: DockerContext, source: ImageSource, name: string): Output<string> {
  return "build" in source ? builtImage(context, source.build, name) : pulledImage(context, imageReference(source, context.settings.images));
}

function pulledImage(context: DockerContext, reference: string): Output<string> {
  const name = `image-${reference.replace(/^.*?\//, "").replace(/[^\w.-]+/g, "-")}`;
  return context.once(name, () => new RemoteImage(name, { name: reference, keepLocally: true }, context.place(context.platform))).imageId;
}

function builtImage(context: DockerContext, build: Build, component: string): Output<string> {
  const folder = buildFolder(context.root, build);
  const name = `image-${component}`;
  const image = context.once(
    name,
    () =>
      new Image(
        name,
        {
          imageName: `${context.prefix}-${component}:${buildTag(context.root, build)}`,
          skipPush: true,
          build: {
            context: folder,
            dockerfile: join(folder, build.dockerfile ?? "Dockerfile"),
            args: build.args ?? {},
            ...(build.target ? { target: build.target } : {}),
          },
        },
        context.place(context.platform),
      ),
  );
  return image.imageName;
}
