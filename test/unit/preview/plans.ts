import type { ContainerInputs } from "../../../src/preview/containers.ts";
import type { Plan, PlanCredential, PlanResource } from "../../../src/preview/plan.ts";

/** A resource with nothing special about it. */
export function resource(type: string, name: string, inputs: Readonly<Record<string, unknown>>, over: Partial<PlanResource> = {}): PlanResource {
  return {
    urn: `urn:pulumi:dev::shop::${type}::${name}`,
    id: `${name}-id`,
    type,
    name,
    parent: undefined,
    custom: true,
    provider: undefined,
    inputs,
    outputs: inputs,
    secretInputs: [],
    secretOutputs: [],
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    deleteBeforeReplace: false,
    replaceOnChanges: [],
    ignoreChanges: [],
    createTimeout: undefined,
    updateTimeout: undefined,
    deleteTimeout: undefined,
    ...over,
  };
}

/** A container of stack `shop-dev`; `after` names those that it depends on. */
export function container(
  name: string,
  role: string,
  inputs: Partial<ContainerInputs> = {},
  after: readonly PlanResource[] = [],
  over: Partial<PlanResource> = {},
) {
  const labels = Object.entries({ stack: "shop-dev", component: name.split("-")[0] ?? name, role, engine: "pulumi" });
  const restart = role === "server" ? "unless-stopped" : "no";
  const all = {
    name: `shop-dev-${name}`,
    image: "registry.example/app:1.0",
    labels: labels.map(([key, value]) => ({ label: `io.groundplan.${key}`, value })),
    restart,
    ...(role === "server" ? {} : { mustRun: false }),
    ...inputs,
  };
  return resource("docker:index/container:Container", name, all, { dependencies: after.map(({ urn }) => urn), ...over });
}

export const planWith = (resources: readonly PlanResource[], credentials: readonly PlanCredential[] = []): Plan => ({
  version: 1,
  project: "shop",
  stack: "dev",
  resources,
  outputs: {},
  warnings: [],
  remember: {},
  credentials,
});
