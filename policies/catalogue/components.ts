import { components, dataKinds, isKind, isOrchestrated, kind, reachesOf, workloadsOf } from "../components.ts";
import { container } from "../docker.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { list, number, text } from "../read.ts";

const scaled = ["AppService", "NatsTemporalBridge", "OpaServer", "NatsCluster"].map(kind);

const replicas: Policy = {
  id: "component-replicas",
  title: "Services that can run as several replicas do, also where no orchestrator counts them",
  severity: "high",
  why: "With one replica every update, and every failure of a machine, is an outage; a NATS server alone has no quorum to repair its streams from.",
  fix: "Set `replicas` or `autoscale` of the component to 2 or more (NatsCluster: 3), or leave it to the profile.",
  types: scaled,
  scope: "stack",
  references: ["Well-Architected REL10-BP01", "minimum-three-replicas"],
  parameters: {
    minimumReplicas: { meaning: "replicas that a service runs at least", default: { dev: 1, staging: 2, prod: 2 }, minimum: 1, maximum: 10 },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check: function* (stack, { parameter }) {
    const least = parameter("minimumReplicas");
    for (const resource of stack.ofType(...scaled)) {
      const runs = number(resource.inputs.replicas) ?? 1;
      // One that runs elsewhere has its replicas there.
      if (runs >= least || resource.inputs.existing !== undefined || isOrchestrated(stack, resource)) continue;
      yield { resource, path: "replicas", is: `is ${runs}, and the stage asks for ${least}: its failure is an outage` };
    }
  },
};

const lone = ["PostgresDb", "RedisCache", "MessageQueue", "TemporalServer", "ServiceMeshGateway"].map(kind);

const singlePoint: Policy = {
  id: "component-single-point",
  title: "No system that the others rely on is one container alone",
  severity: "medium",
  why: "When its machine fails, all that is bound to it waits until it has started elsewhere.",
  fix: "Take a target that serves it by a managed system (AWS for PostgresDb and RedisCache), set `replicas` of ServiceMeshGateway, or waive it knowing how long a restart takes.",
  types: lone,
  scope: "stack",
  references: ["Well-Architected REL10-BP01", "RDS.5", "ElastiCache.3"],
  levels: { dev: "disabled", staging: "disabled", prod: "advisory" },
  check: function* (stack) {
    for (const resource of stack.ofType(...lone)) {
      const alone = (number(resource.inputs.replicas) ?? 1) < 2;
      const run = () => stack.children(resource).some(({ type }) => type === container);
      if (alone && run())
        yield {
          resource,
          path: "replicas",
          is: "is 1, and neither an orchestrator nor a managed service stands behind it: its failure is an outage",
        };
    }
  },
};

const route: Policy = {
  id: "component-route",
  title: "Services that are published are reached through a gateway",
  severity: "medium",
  why: "A port that is published by itself has no TLS, no limits of requests and no access log, and clients have no address that stays.",
  fix: "Add a route to the service to a ServiceMeshGateway, or take the port out of `publish`.",
  types: [kind("AppService")],
  scope: "stack",
  references: ["Well-Architected SEC05-BP02", "OWASP API8:2023"],
  levels: { dev: "disabled", staging: "disabled", prod: "advisory" },
  check: function* (stack) {
    const gateways = stack.ofType(kind("ServiceMeshGateway"));
    for (const resource of stack.ofType(kind("AppService"))) {
      const ports = list(resource.inputs.published).flatMap((name) => text(name) ?? []);
      const routed = () => gateways.some((gateway) => reachesOf(stack, gateway).some(({ to }) => to === resource));
      if (ports.length > 0 && !routed())
        yield { resource, path: "published", is: `names ${ports.join(", ")}, and no ServiceMeshGateway has a route to it` };
    }
  },
};

const services = ["AppService", "NatsTemporalBridge"].map(kind);

const telemetry: Policy = {
  id: "component-telemetry",
  title: "Services send telemetry, or are watched",
  severity: "medium",
  why: "Of a service that tells nothing the first sign of a failure is a customer, and nobody can follow a request through it.",
  fix: "Bind the service to `otlp` of the ObservabilityStack (`telemetry` of NatsTemporalBridge).",
  types: services,
  scope: "stack",
  references: ["Well-Architected OPS04-BP02", "OWASP A09:2021"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check: function* (stack, { stage }) {
    const observers = stack.ofType(kind("ObservabilityStack"));
    if (observers.length === 0 && stage !== "prod") return;
    for (const resource of stack.ofType(...services)) {
      if (isWatched(stack, resource, observers)) continue;
      const is =
        observers.length > 0
          ? `name nothing of ${observers.map(({ name }) => name).join(", ")}: no trace leads through the service`
          : "name no telemetry, and neither an ObservabilityStack nor an alarm of the target watches it";
      yield { resource, path: "bindings", is };
    }
  },
};

/** Metrics that are read from a service tell nothing of a single request: where a collector is, the service sends to it. */
function isWatched(stack: Stack, resource: Resource, observers: readonly Resource[]): boolean {
  if (observers.length > 0) return reachesOf(stack, resource).some(({ to }) => observers.includes(to));
  return stack.children(resource).some(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
}

const zones: Policy = {
  id: "component-zones",
  title: "Connections lead from the gateway over services to data, never past a zone",
  severity: "high",
  why: "The gateway is what strangers reach first: a way from there to a database, or from a database back to services, carries a break-in through the whole stack.",
  fix: "Route the gateway to an AppService that asks the data system; take bindings to data out of everything but services and the exporters of ObservabilityStack.",
  types: [components],
  scope: "stack",
  references: ["Well-Architected SEC05-BP01", "NIST SP 800-207"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: function* (stack) {
    for (const resource of stack.ofType(components)) {
      for (const { workload, address, to } of reachesOf(stack, resource)) {
        const why = crossing(resource, workload, to);
        if (why !== undefined) yield { resource, path: `reaches.${workload}`, is: `names ${address}, ${why}` };
      }
    }
  },
};

/** Why a connection leaves the way: gateway, then services, then data; telemetry looks on. */
function crossing(from: Resource, workload: string, to: Resource): string | undefined {
  const [, what = ""] = /([^:]*)$/.exec(to.type) ?? [];
  if (isKind(to, dataKinds)) {
    if (isKind(from, ["ServiceMeshGateway"])) return `a ${what}: the gateway reaches data without a service between them`;
    if (isKind(from, ["ObservabilityStack"]) && !workload.startsWith(`${from.name}-exporter-`))
      return `a ${what}: only exporters may look into data systems`;
  }
  const data = isKind(from, dataKinds) && !isKind(to, [...dataKinds, "ObservabilityStack"]);
  return data ? `a ${what}: a data system calls nobody` : undefined;
}

const egress: Policy = {
  id: "component-egress",
  title: "Ways out to the internet name their host and port",
  severity: "high",
  why: "A way out to anywhere is all that stolen data needs, and all that a break-in needs to load its tools.",
  fix: "Name each host and port in `egress` of AppService; *.example.com stands for all below one domain.",
  types: [components],
  scope: "resource",
  references: ["Well-Architected SEC05-BP02", "CKV_AWS_382", "AWS-0104"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: function* ({ inputs }) {
    for (const [index, entry] of list(inputs.egress).entries()) {
      const address = text(entry);
      if (address === undefined) continue;
      const [, host = "", port = ""] = /^(.*?)(?::(\d+|\*))?$/.exec(address) ?? [];
      const path = `egress[${index}]`;
      if (/^(|\*|\*\.[^.]+|0\.0\.0\.0|\[?::\]?)(\/\d+)?$/.test(host) || /\/0$/.test(host))
        yield { path, is: `is "${address}", a way out to any host` };
      else if (/^(0+|\*|)$/.test(port)) yield { path, is: `is "${address}", a way out to every port of ${host}` };
    }
  },
};

const receivers: Policy = {
  id: "component-alert-receivers",
  title: "Alerts reach somebody",
  severity: "medium",
  why: "An alert that only stands on a page is read after the outage.",
  fix: "Set `receivers` of ObservabilityStack: a webhook, e-mail or chat that somebody on call reads.",
  types: [kind("ObservabilityStack")],
  scope: "resource",
  references: ["CloudWatch.15", "Well-Architected OPS08-BP04"],
  levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
  check: (resource) =>
    // The part that sends alerts is only there when somebody is to get them.
    workloadsOf(resource).some((name) => name.endsWith("-alertmanager"))
      ? []
      : [{ path: "probes", is: "name no Alertmanager, which runs where a receiver is set: alerts are shown, and nobody is told" }],
};

export const componentPolicies: readonly Policy[] = [replicas, singlePoint, route, telemetry, zones, egress, receivers];
