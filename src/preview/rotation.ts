import { createHash } from "node:crypto";
import type { LastingCredential } from "../core/credential-names.ts";
import { labelKeys } from "../core/labels.ts";
import type { ContainerInputs } from "./containers.ts";
import type { CredentialValues } from "./fixtures.ts";
import { componentsOf, type Plan, type PlanCredential, type PlanResource } from "./plan.ts";
import { ownersIn } from "./retirement.ts";

/** What a component has to open it. */
export interface ComponentCredentials {
  readonly component: string;
  readonly kind: string;
  /** What is given a new value. */
  readonly rotated: readonly PlanCredential[];
  /** What is left as it is, with the reason, by name. */
  readonly lasting: Readonly<Record<string, string>>;
}

/** What becomes of one part of the stack when a credential gets another value. */
export interface RotationEffect {
  readonly component: string;
  readonly part: string;
  /** What happens to it, for a person. */
  readonly what: string;
  /** How long nobody reaches it: seconds from its stop until it is first asked whether it is healthy; 0 when others stand in for it. */
  readonly awaySeconds?: number;
}

/** The credentials of each component that has any, in the order of the topology. */
export function credentialsByComponent(plan: Plan): ComponentCredentials[] {
  const owner = ownersIn(plan);
  const resources = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const ownerOf = ({ urn }: PlanCredential) => {
    const resource = resources.get(urn);
    return resource && owner(resource)?.name;
  };
  return componentsOf(plan).flatMap(({ name, outputs }) => {
    const own = plan.credentials.filter((credential) => ownerOf(credential) === name);
    const listed = (outputs.lasting ?? []) as readonly LastingCredential[];
    const lasting = Object.fromEntries(listed.map(({ name: credential, reason }) => [credential, reason]));
    const rotated = own.filter((credential) => !(credential.name in lasting));
    return own.length > 0 ? [{ component: name, kind: String(outputs.kind), rotated, lasting }] : [];
  });
}

/** The resources of a plan that generate these credentials. */
export const resourcesOfCredentials = ({ resources, credentials }: Plan, names: readonly string[] = []): PlanResource[] =>
  resources.filter(({ urn }) => credentials.some((credential) => credential.urn === urn && names.includes(credential.name)));

/** Stand-ins for credentials, of two generations: a plan of the second one differs from one of the first by what a rotation changes. */
export const standIns =
  (renewed: readonly string[] = []): CredentialValues =>
  (name) =>
    createHash("sha256")
      .update(`${name} ${renewed.includes(name)}`)
      .digest("hex")
      .slice(0, 32);

/** What differs between two plans that were recorded with such stand-ins. Pure. */
export function rotationEffects(before: Plan, after: Plan): RotationEffect[] {
  const owner = ownersIn(before);
  const later = new Map(after.resources.map((resource) => [resource.urn, resource]));
  const changed = new Set(
    before.resources.filter(({ urn, inputs }) => JSON.stringify(later.get(urn)?.inputs) !== JSON.stringify(inputs)).map(({ urn }) => urn),
  );
  // The recorder's answer for a new version of a secret is that for the old one: whoever reads it is found by his dependencies.
  const versions = new Set([...changed].filter((urn) => urn.includes("aws:secretsmanager/secretVersion:SecretVersion")));
  const reads = ({ dependencies, propertyDependencies }: PlanResource) =>
    [dependencies, ...Object.values(propertyDependencies)].some((list) => list.some((urn) => versions.has(urn)));
  return before.resources.flatMap((resource): RotationEffect[] => {
    if (!changed.has(resource.urn) && !reads(resource)) return [];
    const effect = becomes[resource.type]?.(resource.inputs);
    return effect ? [{ component: owner(resource)?.name ?? resource.name, part: resource.name, ...effect }] : [];
  });
}

type Effect = Pick<RotationEffect, "what" | "awaySeconds">;

const again: Effect = { what: "runs again" };
const newFirst: Effect = { what: "replaced, new ones start before old ones stop", awaySeconds: 0 };

/** Only what a person would notice: files, carriers and secrets change with whoever reads them. */
const becomes: Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>) => Effect | undefined>> = {
  "docker:index/container:Container": (inputs) => container(inputs as unknown as ContainerInputs),
  "kubernetes:apps/v1:Deployment": () => newFirst,
  "kubernetes:apps/v1:DaemonSet": () => ({ what: "replaced, node by node" }),
  "kubernetes:apps/v1:StatefulSet": ({ spec }) =>
    Number((spec as { replicas?: number }).replicas) > 1
      ? { what: "replaced, one after the other", awaySeconds: 0 }
      : { what: "restarts: its one pod is replaced", ...away((spec as PodSpec).template?.spec?.containers?.[0]?.startupProbe?.periodSeconds) },
  "kubernetes:batch/v1:Job": () => again,
  "aws:ecs/service:Service": () => newFirst,
  "aws:lambda/invocation:Invocation": () => again,
  "aws:ssm/association:Association": () => ({ what: "nodes restart, one after the other", awaySeconds: 0 }),
  "aws:elasticache/user:User": () => ({ what: "takes it in place" }),
  "aws:rds/instance:Instance": () => ({ what: "takes it in place" }),
};

interface PodSpec {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly startupProbe?: { readonly periodSeconds?: number } }[] } };
}

const away = (seconds: number | undefined) => (seconds ? { awaySeconds: seconds } : {});

function container({ labels, healthcheck }: ContainerInputs): Effect | undefined {
  const role = labels.find(({ label }) => label === labelKeys.role)?.value;
  if (role === "job") return again;
  if (role !== "server") return undefined;
  return { what: "restarts", ...away(Number.parseInt(healthcheck?.interval ?? "", 10)) };
}
