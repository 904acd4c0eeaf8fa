import type { core } from "@pulumi/kubernetes/types/input.js";
import type { WorkloadSpec } from "../../../core/workload.ts";
import { appProtocol, metadata, nodesName, type Part, type Place, portName, selector } from "./names.ts";

/**
 * The provider would wait for pods behind a Service, and the pods come after it: they need its names. What waits for the
 * system waits for the rollout instead.
 */
const noWait = { "pulumi.com/skipAwait": "true" };

/** How clients reach a workload: one address, spread over the pods that are ready. */
export const clientService = (place: Place, part: Part, ports: WorkloadSpec["ports"]): core.v1.Service => ({
  metadata: metadata(place, part, part.name, noWait),
  spec: { type: "ClusterIP", selector: selector(place, part), ports: servicePorts(ports) },
});

/**
 * How members reach each other by name, before they are ready: a quorum forms only then. In a mesh also by address, as who asks
 * each for its figures does: the proxy of a client knows the address of a single pod only where the port carries connections.
 * Of a port with requests it would look for the name that is asked for, and an address is none.
 */
export const nodesService = (place: Place, part: Part, ports: WorkloadSpec["ports"], mesh = false): core.v1.Service => ({
  metadata: metadata(place, part, nodesName(part.name), noWait),
  spec: { type: "ClusterIP", clusterIP: "None", publishNotReadyAddresses: true, selector: selector(place, part), ports: servicePorts(ports, mesh) },
});

const servicePorts = (ports: WorkloadSpec["ports"], connections = false): core.v1.ServicePort[] =>
  Object.entries(ports).map(([key, port]) => {
    const name = portName(key, port);
    return { name, port: port.port, targetPort: name, protocol: "TCP", appProtocol: connections ? "tcp" : appProtocol(port) };
  });
