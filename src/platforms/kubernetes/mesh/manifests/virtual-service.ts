import type { PortSpec, WorkloadSpec } from "../../../../core/workload.ts";
import type { CustomManifest } from "../../custom-object.ts";
import { appProtocol, metadata, type Part, type Place } from "../../manifests/names.ts";
import type { Mesh } from "../mesh.ts";
import { hostOf, istioNetworking, ownNamespace } from "./names.ts";

/**
 * Methods that change nothing (RFC 9110, 9.2.1): asked twice, they do no harm. PUT and DELETE may be repeated, too, but the
 * second answer is often another one, and the caller sees only that.
 */
const idempotent = "GET|HEAD|OPTIONS";

/** Twice more, where the server was not reached or the proxy before it says so. */
const retries = { attempts: 2, retryOn: "connect-failure,refused-stream,reset-before-request,gateway-error" };

/** Said in so many words: by default the mesh repeats every request, one that pays included. */
const never = { attempts: 0 };

/**
 * Longest that a request may take. 60 s as the gateway waits on Docker. A call of gRPC has the deadline of its caller: an hour
 * is longer than the long polls of Temporal (70 s), and ends what everybody has forgotten.
 */
const usualSeconds = { http: 60, grpc: 3600 } as const;

/** How requests to a workload are treated; undefined when it answers none, but connections. */
export function virtualService(place: Place, part: Part, spec: WorkloadSpec, { clusterDomain }: Mesh): CustomManifest | undefined {
  const host = hostOf(part.name, place.namespace, clusterDomain);
  const http = Object.values(spec.ports).flatMap((port) => routes(port, host, spec.requestTimeoutSeconds));
  if (http.length === 0) return undefined;
  return {
    apiVersion: istioNetworking,
    kind: "VirtualService",
    metadata: metadata(place, part),
    spec: { hosts: [host], exportTo: ownNamespace, http },
  };
}

function routes(port: PortSpec, host: string, seconds: number | undefined): object[] {
  const protocol = appProtocol(port);
  if (protocol === "tcp") return [];
  const route = [{ destination: { host, port: { number: port.port } } }];
  const timeout = `${seconds ?? usualSeconds[protocol]}s`;
  const all = { match: [{ port: port.port }], route, timeout, retries: never };
  // Calls of gRPC are all POST.
  return protocol === "grpc" ? [all] : [{ match: [{ port: port.port, method: { regex: idempotent } }], route, timeout, retries }, all];
}
