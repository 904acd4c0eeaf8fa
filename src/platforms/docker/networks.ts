import { Network } from "@pulumi/docker/network.js";
import type { Resource } from "@pulumi/pulumi";
import type { DockerContext } from "./context.ts";

/** The network of one server. Its name resolves only here; whoever is bound to the server joins, nobody else. */
export function serverNetwork(context: DockerContext, parent: Resource, system: string, workload: string): Network {
  const name = context.physical(workload);
  return context.once(
    `${workload}-network`,
    () =>
      new Network(
        `${workload}-network`,
        { name, driver: "bridge", internal: true, ipamConfigs: [{ subnet: context.subnet(name) }], labels: context.labels(system, "network") },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
  );
}

/**
 * Where published ports enter. Neighbours cannot talk to each other on it, and nothing leaves it: without masquerading
 * no answer finds the way back.
 */
export function edgeNetwork(context: DockerContext): Network {
  return bridge(context, "edge", "false");
}

/** The way out for workloads with declared egress. Neighbours cannot talk to each other on it. */
export function egressNetwork(context: DockerContext): Network {
  return bridge(context, "egress", "true");
}

function bridge(context: DockerContext, key: "edge" | "egress", masquerade: "true" | "false"): Network {
  const name = context.physical(key);
  return context.once(
    `${key}-network`,
    () =>
      new Network(
        `${key}-network`,
        {
          name,
          driver: "bridge",
          internal: false,
          ipamConfigs: [{ subnet: context.subnet(name) }],
          options: {
            "com.docker.network.bridge.enable_icc": "false",
            "com.docker.network.bridge.enable_ip_masquerade": masquerade,
          },
          labels: context.labels(key, "network"),
        },
        context.place(context.platform, { deleteBeforeReplace: true }),
      ),
  );
}
