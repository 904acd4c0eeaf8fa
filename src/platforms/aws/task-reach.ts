import type * as pulumi from "@pulumi/pulumi";
import type { AwsContext } from "./context.ts";
import { allowOut, type Group } from "./groups.ts";
import type { AwsImage } from "./images.ts";
import { type AwsService, reachServices } from "./services.ts";
import { wayOut } from "./way-out.ts";

/** What starting a task needs, through its own group: images, the log, secrets. */
export function reachTaskServices(
  context: AwsContext,
  parent: pulumi.Resource,
  group: Group,
  { ecr, secrets }: { readonly ecr: boolean; readonly secrets: boolean },
): readonly pulumi.Resource[] {
  const services: (AwsService | "s3")[] = [
    "logs",
    ...(ecr ? (["ecr.api", "ecr.dkr", "s3"] as const) : []),
    ...(secrets ? (["secretsmanager"] as const) : []),
  ];
  return reachServices(context, parent, group, services, "start and log of tasks");
}

/** A task pulls its image through its own group: one that is not in ECR needs the way out. */
export function reachImages(context: AwsContext, parent: pulumi.Resource, group: Group, images: readonly AwsImage[]): readonly pulumi.Resource[] {
  const registries = [...new Set(images.flatMap(({ source }) => (source.kind === "internet" ? [source.registry] : [])))];
  if (registries.length === 0) return [];
  const rules = allowOut(context, parent, group, { cidr: "0.0.0.0/0" }, 443, `images from ${registries.join(", ")}`);
  return [...rules, ...wayOut(context)];
}

/** Declared egress: a group knows no host names, so a port is open to every address. */
export function reachOutside(
  context: AwsContext,
  parent: pulumi.Resource,
  group: Group,
  egress: readonly { readonly host: string; readonly port: number }[],
): readonly pulumi.Resource[] {
  const rules = [...new Set(egress.map((rule) => rule.port))].flatMap((port) => {
    const hosts = egress.filter((rule) => rule.port === port).map(({ host }) => host);
    return allowOut(context, parent, group, { cidr: "0.0.0.0/0" }, port, `declared egress to ${hosts.join(", ")}`);
  });
  return egress.length > 0 ? [...rules, ...wayOut(context)] : [];
}
