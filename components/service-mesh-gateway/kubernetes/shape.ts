import { digestOf } from "../../../src/core/parts.ts";
import { http } from "../../../src/core/probe.ts";
import type { StackSettings } from "../../../src/core/settings.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { JobSpec, PortSpec, Resources, WorkloadSpec } from "../../../src/core/workload.ts";
import { developmentWarning } from "../certificate.ts";
import { authorityFile, gatewayCheck } from "../check.ts";
import type { GatewayModel } from "../model.ts";
import { authorityOf } from "./check.ts";
import { healthPath, metricsPath, ports } from "./names.ts";
import { servedBy } from "./served-by.ts";

/** The proxies of a gateway: nothing that the stack starts by itself, but what summaries, paths and bindings are about. */
export function gatewayShape(spec: SystemSpec, settings: StackSettings): SystemSpec {
  const declared = spec.model as GatewayModel;
  const [nginx] = spec.workloads;
  if (!nginx) return spec;
  const istio = servedBy(settings) === "istio";
  const model: GatewayModel = { ...declared, server: istio ? "envoy" : "unknown" };
  const proxy: WorkloadSpec = {
    ...nginx,
    files: [],
    ports: {
      http: port(ports.http, true),
      https: port(ports.https, true),
    },
    probe: http(healthPath, { port: "https", startSeconds: 20 }),
  };
  // Certificates of development are issued in the cluster: this program never sees them.
  const own = declared.certificate === "given" ? spec.secrets : {};
  const { default: entry, status } = spec.connections;
  if (!entry || !status) return spec;
  const { ca: _, ...unsigned } = entry;
  return {
    ...spec,
    warnings: spec.warnings.map((warning) => (warning === developmentWarning ? issuedHere(spec.name) : warning)),
    digest: digestOf(spec.kind, settings.profile, proxy),
    secrets: own,
    workloads: [proxy],
    jobs: [checked(spec.name, declared, own, settings.profile.resources.job)],
    connections: {
      default: own.ca ? entry : unsigned,
      status: { ...status, path: metricsPath },
    },
    model,
  };
}

/** The same questions as on every ground; a client trusts the authority that the certificate comes from. */
function checked(name: string, model: GatewayModel, secrets: SystemSpec["secrets"], resources: Resources): JobSpec {
  const authority = authorityOf(model);
  const files = model.certificate === "given" ? [authorityFile(secrets.ca ? "ca" : "certificate")] : [];
  // Istio's own redirect has one status, which lets a client turn its method into GET.
  const redirect = { status: model.api === "istio" ? 301 : 308, to: `https://${model.hosts[0]}/` } as const;
  const at = { ports, redirect, ...(authority ? { authority } : {}) };
  return gatewayCheck(name, model, at, files, resources);
}

const port = (number: number, published: boolean): PortSpec => ({ port: number, protocol: "http", published });

const issuedHere = (name: string) =>
  `its certificate is issued by an authority of the namespace; clients must trust ca.crt of the Secret ${name}-tls`;
