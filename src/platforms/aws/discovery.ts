import { HttpNamespace } from "@pulumi/aws/servicediscovery/httpNamespace.js";
import { PrivateDnsNamespace } from "@pulumi/aws/servicediscovery/privateDnsNamespace.js";
import { Service } from "@pulumi/aws/servicediscovery/service.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import { type AwsContext, shared } from "./context.ts";
import { network } from "./network.ts";
import { internalDomain } from "./network-parts.ts";

/** Full name of a part inside the network. */
export const cloudMapName = (context: AwsContext, name: string) => `${name}.${internalDomain(context)}`;

/** The private zone in which parts are found by name. */
function privateNamespace(context: AwsContext): PrivateDnsNamespace {
  return context.once(
    "private-namespace",
    () =>
      new PrivateDnsNamespace(
        "private-namespace",
        {
          name: internalDomain(context),
          vpc: network(context).vpcId,
          description: `${context.prefix}: names inside the network`,
          tags: context.tags(shared, "discovery", "private-namespace"),
        },
        context.place(context.platform),
      ),
  );
}

/** Where Service Connect keeps its endpoints: apart from the private zone, because both know services by the same names. */
export function connectNamespace(context: AwsContext): HttpNamespace {
  return context.once(
    "connect-namespace",
    () =>
      new HttpNamespace(
        "connect-namespace",
        {
          name: context.name("", "namespace"),
          description: `${context.prefix}: Service Connect`,
          tags: context.tags(shared, "discovery", "connect-namespace"),
        },
        context.place(context.platform),
      ),
  );
}

/**
 * The name of one port of a service in that namespace. CloudWatch counts the answers of a target by this name alone, over
 * all clusters of a region, so it holds the stack's; the underscore keeps port `b-c` of `a` apart from port `c` of `a-b`.
 */
export const connectName = (context: AwsContext, workload: string, port: string) => `${context.name(workload, "connectName")}_${port}`;

/** Ports of a workload that are in Service Connect. */
export const offeredPorts = ({ ports, offers }: Pick<WorkloadSpec, "ports" | "offers">) =>
  Object.entries(ports).filter(([name]) => offers === undefined || offers.includes(name));

/** Whether its tasks have the proxy at all: to be found, or to find others. */
export const isConnected = ({ offers }: Pick<WorkloadSpec, "offers">) => offers === undefined || offers.length > 0;

/** What is reached on the tasks themselves has its name in the private zone alone. */
export const hostsBeside = (context: AwsContext, spec: Pick<WorkloadSpec, "name" | "ports" | "offers">): Record<string, string> => {
  const offered = offeredPorts(spec).map(([name]) => name);
  const beside = Object.keys(spec.ports).filter((name) => !offered.includes(name));
  return Object.fromEntries(beside.map((port) => [port, cloudMapName(context, spec.name)]));
};

/** A name in the private zone that answers with the addresses of all that register under it. */
export function discoveryService(context: AwsContext, parent: pulumi.Resource, component: string, name: string): Service {
  const namespace = privateNamespace(context);
  return quietly(
    () =>
      new Service(
        `${name}-discovery`,
        {
          name,
          description: `${context.prefix}: addresses of ${name}`,
          dnsConfig: { namespaceId: namespace.id, routingPolicy: "MULTIVALUE", dnsRecords: [{ type: "A", ttl: 10 }] },
          // What is left of a service that is deleted while instances register would keep the namespace alive.
          forceDestroy: true,
          tags: context.tags(component, "discovery", `${name}-discovery`),
        },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
  );
}
