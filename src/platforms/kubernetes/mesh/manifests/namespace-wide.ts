import type { CustomManifest } from "../../custom-object.ts";
import { metadata, type Part, type Place, selector, stackLabels } from "../../manifests/names.ts";
import type { Mesh } from "../mesh.ts";
import { istioNetworking, istioTelemetry } from "./names.ts";

/** Proxies know the services of their namespace and of the control plane, and pass on nothing else. */
export const sidecar = ({ id, namespace }: Place, { controlPlane }: Mesh): CustomManifest => ({
  apiVersion: istioNetworking,
  kind: "Sidecar",
  metadata: { name: "default", namespace, labels: stackLabels(id) },
  spec: { egress: [{ hosts: ["./*", `${controlPlane}/*`] }], outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
});

/** Requests that failed; what is no request, but a connection, has no code and is left out. */
const failed = { expression: "response.code >= 400 || response.code == 0" };

/** What every proxy tells: metrics as the mesh has them, and its log. Traces go only from where the collector is bound. */
export const telemetry = ({ id, namespace }: Place, { sizes, tracingProvider }: Mesh): CustomManifest => ({
  apiVersion: istioTelemetry,
  kind: "Telemetry",
  metadata: { name: "default", namespace, labels: stackLabels(id) },
  spec: {
    metrics: [{ providers: [{ name: "prometheus" }] }],
    accessLogging: [{ providers: [{ name: "envoy" }], ...(sizes.accessLog === "failed" ? { filter: failed } : {}) }],
    ...(tracingProvider === undefined ? {} : { tracing: [{ disableSpanReporting: true }] }),
  },
});

/** Spans of the proxies beside a part that is bound to the collector: no other has a way to it. */
export const tracing = (place: Place, part: Part, { sizes }: Mesh, provider: string): CustomManifest => ({
  apiVersion: istioTelemetry,
  kind: "Telemetry",
  metadata: metadata(place, part),
  spec: {
    selector: { matchLabels: selector(place, part) },
    tracing: [{ providers: [{ name: provider }], randomSamplingPercentage: sizes.tracePercent, disableSpanReporting: false }],
  },
});
