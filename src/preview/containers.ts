import { labelKeys } from "../core/labels.ts";
import { type Plan, type PlanResource, resourcesOfType } from "./plan.ts";

/** A container of a plan for Docker, with the inputs that readers of a plan need. */
export interface PlanContainer {
  readonly resource: PlanResource;
  readonly inputs: ContainerInputs;
  readonly component: string;
  readonly role: string;
}

/** The inputs of docker:index/container:Container that the library uses. */
export interface ContainerInputs {
  readonly name: string;
  readonly image: string;
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly envs?: readonly string[];
  readonly networksAdvanced?: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
  readonly hosts?: readonly { readonly host: string; readonly ip: string }[];
  readonly ports?: readonly { readonly internal: number; readonly external: number; readonly ip: string; readonly protocol: string }[];
  /** A named volume, or a folder of the machine. */
  readonly volumes?: readonly {
    readonly volumeName?: string;
    readonly hostPath?: string;
    readonly containerPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly uploads?: readonly { readonly file: string; readonly content: string; readonly permissions: string }[];
  readonly healthcheck?: {
    readonly tests: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly startPeriod: string;
  };
  readonly mustRun?: boolean;
  readonly start?: boolean;
  readonly [other: string]: unknown;
}

const containerType = "docker:index/container:Container";

export function containersOf(plan: Plan): PlanContainer[] {
  return resourcesOfType(plan, containerType).map((resource) => {
    const inputs = resource.inputs as unknown as ContainerInputs;
    const label = (key: string) => inputs.labels.find((l) => l.label === key)?.value ?? "";
    return { resource, inputs, component: label(labelKeys.component), role: label(labelKeys.role) };
  });
}

/** Reference of the image behind the id that a container names, or a built image's own name. */
export function imageReferences(plan: Plan): ReadonlyMap<string, string> {
  return new Map(resourcesOfType(plan, "docker:index/remoteImage:RemoteImage").map((r) => [String(r.outputs.imageId), String(r.inputs.name)]));
}

export interface PlanBuild {
  readonly imageName: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
}

export function buildsOf(plan: Plan): ReadonlyMap<string, PlanBuild> {
  return new Map(
    resourcesOfType(plan, "docker:index/image:Image").map(({ inputs }) => {
      const build = inputs.build as Omit<PlanBuild, "imageName">;
      return [String(inputs.imageName), { ...build, imageName: String(inputs.imageName) }];
    }),
  );
}

/** An image that is built and pushed, as what runs it names it: by the digest that the registry gives. */
export interface PushedImage {
  readonly digest: string;
  readonly name: string;
  readonly build: Omit<PlanBuild, "imageName">;
}

export const pushedImagesOf = (plan: Plan): PushedImage[] =>
  resourcesOfType(plan, "docker:index/image:Image").map(({ inputs, outputs }) => ({
    digest: String(outputs.repoDigest),
    name: String(inputs.imageName),
    build: inputs.build as PushedImage["build"],
  }));
