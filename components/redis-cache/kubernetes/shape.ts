import { lastingOf } from "../../../src/core/credential-names.ts";
import { digestOf } from "../../../src/core/parts.ts";
import type { StackSettings } from "../../../src/core/settings.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import { namespaceOf } from "../../../src/platforms/kubernetes/context.ts";
import type { ClusterSystem } from "../../../src/platforms/kubernetes/systems.ts";
import type { RedisModel } from "../model.ts";
import { nodes } from "./nodes.ts";
import { partsOf, proxy, replication, sentinel } from "./parts.ts";
import { proxies } from "./proxies.ts";
import { sentinels } from "./sentinels.ts";

/** A RedisCache in a cluster: one server, or three that Sentinels watch, behind proxies that lead to the primary. */
export const redisOnCluster: ClusterSystem = { shape: withFailover };

function withFailover(spec: SystemSpec, settings: StackSettings): SystemSpec {
  const { profile } = settings;
  const { engine, replicas = profile.cacheReplicas } = spec.model as RedisModel;
  const [server] = spec.workloads;
  if (replicas === 1 || !server) return spec;
  const { name } = spec;
  const domain = `${namespaceOf(settings)}.svc.${settings.kubernetes?.clusterDomain ?? "cluster.local"}`;
  const node = nodes(name, engine, server);
  const beside = [sentinels(name, engine), proxies(name, domain, server)];
  const secrets: SystemSpec["secrets"] = {
    ...spec.secrets,
    [replication]: { use: `replicas of ${name}`, lasting: membersLast },
    [sentinel]: { use: `Sentinels of ${name}`, lasting: membersLast },
    [proxy]: { use: `proxies of ${name}`, lasting: membersLast },
  };
  return {
    ...spec,
    digest: { ...digestOf(spec.kind, profile, node, beside), ...lastingOf(name, secrets) },
    secrets,
    // Nodes ask the Sentinels who leads, and proxies ask the nodes.
    workloads: [...beside.slice(0, 1), node, ...beside.slice(1)],
    connections: {
      ...spec.connections,
      // Figures are those of a node; the proxies would always lead to the primary.
      ...(spec.connections.monitor ? { monitor: { ...spec.connections.monitor, workload: partsOf(name).node } } : {}),
    },
  };
}

const membersLast = "parts of the cache know each other by it and restart one by one: with two of it at once nobody would see who leads";
