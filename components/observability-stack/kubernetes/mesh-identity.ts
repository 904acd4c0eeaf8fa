import type { WorkloadSpec } from "../../../src/core/workload.ts";
import { podVolumes } from "../../../src/platforms/kubernetes/manifests/pod-volumes.ts";

/** Where a sidecar lays its certificates for the process beside it. */
export const certificates = "/etc/mesh-certificates";

/**
 * Whoever asks each replica by its address goes past its own sidecar: a sidecar knows services, not pods that come and go.
 * It then shows the certificate of that sidecar itself, and who is asked sees the same identity as with any other call.
 * https://istio.io/latest/docs/ops/integrations/prometheus/
 */
export function asItself(spec: WorkloadSpec): WorkloadSpec {
  const mount = [{ name: podVolumes.scratch(spec.scratch.length), mountPath: certificates }];
  return {
    ...spec,
    scratch: [...spec.scratch, certificates],
    annotations: {
      ...spec.annotations,
      "proxy.istio.io/config": `proxyMetadata:\n  OUTPUT_CERTS: ${certificates}\n`,
      "sidecar.istio.io/userVolumeMount": JSON.stringify(mount),
      // Nothing that goes out is taken over; what comes in still is.
      "traffic.sidecar.istio.io/includeOutboundIPRanges": "",
    },
  };
}
