import { digestOf } from "../../../src/core/parts.ts";
import { http } from "../../../src/core/probe.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { WorkloadSpec } from "../../../src/core/workload.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { developmentWarning } from "../certificate.ts";
import type { GatewayModel } from "../model.ts";
import { healthPath } from "../relations.ts";
import { bindingsOf } from "../spec.ts";
import { loginEgress } from "./auth.ts";
import { allRoutes, ports } from "./hosts.ts";

/** The load balancer in place of nginx: nothing that runs, but what summaries, bindings and the way to the login are about. */
export function gatewayShape(spec: SystemSpec, { settings }: Pick<AwsContext, "settings">): SystemSpec {
  const declared = spec.model as GatewayModel;
  const [nginx] = spec.workloads;
  const { default: entry, status } = spec.connections;
  if (!nginx || !entry || !status) return spec;
  // Its figures are metrics of CloudWatch, which no exporter asks for.
  const model: GatewayModel = { ...declared, server: "unknown" };
  const balancer: WorkloadSpec = {
    ...nginx,
    replicas: 1,
    files: [],
    ports: {
      http: { port: ports.http, protocol: "http", published: true },
      https: { port: ports.https, protocol: "http", published: true },
    },
    probe: http(healthPath, { port: "https" }),
    bindings: bindingsOf(allRoutes(model)),
    egress: loginEgress(model.auth),
    egressFrom: "auth",
  };
  const warnings = spec.warnings.filter((warning) => warning !== developmentWarning);
  return { ...spec, warnings, digest: digestOf(spec.kind, settings.profile, balancer), workloads: [balancer], jobs: [], model };
}
