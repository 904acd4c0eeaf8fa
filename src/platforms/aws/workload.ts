import { Service, type ServiceArgs } from "@pulumi/aws/ecs/service.js";
import * as pulumi from "@pulumi/pulumi";
import { images } from "../../core/images.ts";
import { placeOf, type RunningWorkload, type SystemScope } from "../../core/platform.ts";
import { probeTimings } from "../../core/probe.ts";
import { quietly } from "../../core/quietly.ts";
import { allReady, boundReady, readyOf } from "../../core/realise.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import { attachments } from "./attachments.ts";
import { autoscaling } from "./autoscaling.ts";
import { openBindings } from "./bindings.ts";
import { cluster } from "./cluster.ts";
import { logConfiguration } from "./container.ts";
import type { AwsContext } from "./context.ts";
import { connectName, connectNamespace, discoveryService, hostsBeside, isConnected, offeredPorts } from "./discovery.ts";
import { taskDisks } from "./efs.ts";
import { sealEndpoint, tryEndpoint } from "./endpoint.ts";
import { allow } from "./groups.ts";
import { network } from "./network.ts";
import { tellingAddress } from "./own-address.ts";
import { healthCheck, probePlace, probePort } from "./probe.ts";
import { reachedParts } from "./reached-parts.ts";
import { serviceAlarms } from "./service-alarms.ts";
import { task } from "./task.ts";
import { prober } from "./task-files.ts";
import { reachOutside } from "./task-reach.ts";

/** MiB that the proxy of Service Connect takes. */
const proxyMiB = 64;
/** ECS takes no shorter stop; one that is shorter ends by itself. */
const leastStopSeconds = 2;

/** Tasks of a Fargate service in the private subnets, found by the workload's name. */
export function awsWorkload(context: AwsContext, parent: pulumi.Resource, spec: WorkloadSpec, scope: SystemScope): RunningWorkload {
  return quietly(() => {
    const component = scope.system;
    const group = tryEndpoint(placeOf(scope, spec.name))?.group;
    if (!group) throw new Error(`${spec.name}: no place in the network`);
    const opened = openBindings(context, parent, group, spec.bindings);
    const siblings = reachedParts(spec, scope).flatMap((to) => allow(context, parent, group, to.group, to.port, "part of one system"));
    const outside = reachOutside(context, parent, group, spec.egress);
    const disks = taskDisks(context, parent, component, spec, group);
    const inside = probePlace(spec) === "inside";
    const made = task(context, parent, {
      component,
      name: spec.name,
      role: "server",
      spec: tellingAddress(spec),
      secrets: scope.secrets,
      group,
      statements: [...opened.statements, ...disks.statements],
      volumes: disks.volumes,
      checkouts: spec.checkouts ?? [],
      addedMiB: isConnected(spec) ? proxyMiB : 0,
      ...(spec.architecture ? { architecture: spec.architecture } : {}),
      main: {
        portMappings: portMappings(spec),
        stopTimeout: Math.max(leastStopSeconds, spec.stopSeconds),
        ...(inside ? { healthCheck: healthCheck(spec.probe, spec.tools, probePort(spec)) } : {}),
      },
      ...(inside ? {} : { beside: (logs, image) => prober(spec.name, image, healthCheck(spec.probe, images.toolbox.tools, probePort(spec)), logs) }),
    });
    const alarms = serviceAlarms(context, parent, component, spec, made.memoryShare);
    const attached = attachments(context).of(spec);
    const discovery = discoveryService(context, parent, component, spec.name);
    const service = new Service(
      `${spec.name}-service`,
      {
        ...serviceArgs(context, spec),
        cluster: cluster(context).arn,
        taskDefinition: made.definition.arn,
        networkConfiguration: { subnets: [...network(context).private], securityGroups: [group.id], assignPublicIp: false },
        ...(isConnected(spec)
          ? {
              serviceConnectConfiguration: {
                ...connectArgs(context, spec, made.logPath, attached.timeoutSeconds),
                namespace: connectNamespace(context).arn,
              },
            }
          : {}),
        serviceRegistries: { registryArn: discovery.arn },
        loadBalancers: attached.loadBalancers,
        healthCheckGracePeriodSeconds: attached.healthCheckGracePeriodSeconds,
        alarms: {
          alarmNames: attached.alarms.apply((others) => pulumi.all([...alarms.deployment.map(({ name }) => name), ...others])),
          enable: true,
          rollback: true,
        },
        tags: context.tags(component, "server", spec.name),
      },
      context.place(parent, {
        deleteBeforeReplace: true,
        customTimeouts: steadyTimeouts(spec),
        // With autoscaling the number of tasks is not the plan's.
        ...(spec.autoscale ? { ignoreChanges: ["desiredCount"] } : {}),
        dependsOn: allReady([
          ...boundReady(spec.bindings),
          ...(spec.after ?? []).map((name) => readyOf(scope, name)),
          attached.ready,
          [...network(context).ready, ...made.ready, ...opened.ready, ...disks.ready, ...siblings, ...outside],
        ]),
      }),
    );
    const scaled = autoscaling(context, parent, component, spec, service);
    const ports = Object.values(spec.ports).map(({ port }) => port);
    return {
      host: spec.name,
      hosts: hostsBeside(context, spec),
      endpoint: sealEndpoint({ group, ports }),
      ready: [service, ...scaled],
      external: {},
    };
  });
}

const serviceName = (context: AwsContext, name: string) => context.name(name, "service");

/** How a service is kept and rolled out: what the circuit breaker or an alarm stops goes back to what ran before. */
function serviceArgs(context: AwsContext, spec: WorkloadSpec) {
  // Two tasks at a time would write into the same files: the old one stops first, and is not moved to another zone.
  const alone = spec.volumes.length > 0;
  return {
    name: serviceName(context, spec.name),
    launchType: "FARGATE",
    platformVersion: "LATEST",
    schedulingStrategy: "REPLICA",
    desiredCount: spec.replicas,
    deploymentMinimumHealthyPercent: alone ? 0 : 100,
    deploymentMaximumPercent: alone ? 100 : 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    availabilityZoneRebalancing: alone ? "DISABLED" : "ENABLED",
    enableEcsManagedTags: true,
    propagateTags: "SERVICE",
    // A shell inside needs a file system that can be written, and a role that may open channels.
    enableExecuteCommand: false,
    waitForSteadyState: true,
  } satisfies Partial<ServiceArgs>;
}

/**
 * The service under its own name and ports for the tasks of all other services, so that `http://api:8000` is the same on
 * every ground. Fixed by ECS: a failed connection is tried twice more, on another task each time; a task that fails five
 * times within 30 seconds is left out for 30 to 300 seconds.
 */
function connectArgs(context: AwsContext, spec: WorkloadSpec, logPath: string, routeSeconds: pulumi.Output<number>) {
  return {
    enabled: true,
    services: offeredPorts(spec).map(([key, { port, protocol }]) => ({
      portName: key,
      discoveryName: connectName(context, spec.name, key),
      clientAlias: [{ dnsName: spec.name, port }],
      timeout: protocol === "http" ? routeSeconds.apply((seconds) => httpTimeout(spec, seconds)) : { idleTimeoutSeconds: 3600 },
    })),
    logConfiguration: logConfiguration(logPath, context.region, "service-connect"),
    // Queries may hold tokens.
    accessLogConfiguration: { format: "JSON", includeQueryParameters: "DISABLED" },
  };
}

/**
 * Unless the service says otherwise, as long as the longest route of a gateway that leads to it, and 15 seconds at least. A
 * connection that is closed as idle takes the request on it along, so a long request needs a longer one.
 */
function httpTimeout({ requestTimeoutSeconds }: WorkloadSpec, routeSeconds: number) {
  const seconds = requestTimeoutSeconds ?? Math.max(15, routeSeconds);
  return { idleTimeoutSeconds: Math.max(300, seconds), perRequestTimeoutSeconds: seconds };
}

const portMappings = (spec: WorkloadSpec) =>
  Object.entries(spec.ports).map(([name, { port, protocol }]) => ({
    name,
    containerPort: port,
    hostPort: port,
    protocol: "tcp" as const,
    ...(protocol === "http" ? { appProtocol: "http" as const } : {}),
  }));

/** Longest that a rollout may take before it counts as failed; the circuit breaker mostly decides before. */
function steadyTimeouts(spec: WorkloadSpec) {
  const t = probeTimings(spec.probe);
  const start = t.startSeconds + t.intervalSeconds * t.retries + spec.stopSeconds;
  const minutes = 20 + Math.ceil((start * 2) / 60);
  return { create: `${minutes}m`, update: `${minutes}m`, delete: "20m" };
}
