import { createRequire } from "node:module";
import { join } from "node:path";
import type { Image } from "@pulumi/docker/image.js";
import type { Provider } from "@pulumi/docker/provider.js";
import { type Input, interpolate, type Output, type Resource, RunError } from "@pulumi/pulumi";
import type { Build } from "../core/images.ts";
import { missingPeer, notInstalled } from "../core/peers.ts";
import { quietly } from "../core/quietly.ts";
import { buildFolder, buildTag } from "./docker/build-context.ts";
import { resolveEndpoint } from "./docker/endpoint.ts";

export interface PushedBuild {
  /** Directory of Pulumi.yaml. */
  readonly root: string;
  readonly build: Build;
  /** Where it is pushed: registry and path, without a tag. */
  readonly repository: Input<string>;
  /** The machines that run it, e.g. `linux/arm64`. @default that of the daemon */
  readonly architecture?: string;
}

/**
 * An image that the local daemon builds and a registry keeps, pushed with the credentials of the Docker CLI; what runs it
 * names it by its digest. The Docker SDK is loaded here and only now: a run without a build has no part of it.
 */
export function pushedImage(parent: Resource, name: string, { root, build, repository, architecture }: PushedBuild): Image {
  const { DockerImage, DockerProvider } = dockerSdk(name);
  const folder = buildFolder(root, build);
  const endpoint = resolveEndpoint();
  return quietly(() => {
    const provider = new DockerProvider(
      `${name}-builder`,
      { host: endpoint.host, ...(endpoint.certPath ? { certPath: endpoint.certPath } : {}) },
      { parent },
    );
    const dockerfile = join(folder, build.dockerfile ?? "Dockerfile");
    return new DockerImage(
      name,
      {
        imageName: tagged(repository, buildTag(root, build, architecture)),
        build: {
          context: folder,
          dockerfile,
          args: { ...build.args },
          ...(build.target ? { target: build.target } : {}),
          ...(architecture ? { platform: architecture } : {}),
        },
      },
      { parent, provider },
    );
  });
}

function dockerSdk(name: string): { readonly DockerImage: typeof Image; readonly DockerProvider: typeof Provider } {
  const load = createRequire(import.meta.url);
  try {
    return {
      DockerImage: (load("@pulumi/docker/image.js") as { Image: typeof Image }).Image,
      DockerProvider: (load("@pulumi/docker/provider.js") as { Provider: typeof Provider }).Provider,
    };
  } catch (error) {
    const missing = missingPeer(String(error));
    throw missing ? new RunError(notInstalled([missing], `the image ${name}, which is built here,`)) : error;
  }
}

const tagged = (repository: Input<string>, tag: string): Output<string> => interpolate`${repository}:${tag}`;
