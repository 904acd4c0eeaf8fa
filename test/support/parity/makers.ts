import { AppService } from "../../../components/app-service/app-service.ts";
import { MessageQueue } from "../../../components/message-queue/message-queue.ts";
import { NatsCluster } from "../../../components/nats-cluster/nats-cluster.ts";
import { NatsTemporalBridge } from "../../../components/nats-temporal-bridge/nats-temporal-bridge.ts";
import { ObservabilityStack, telemetryOf } from "../../../components/observability-stack/observability-stack.ts";
import { OpaServer } from "../../../components/opa-server/opa-server.ts";
import { PostgresDb } from "../../../components/postgres-db/postgres-db.ts";
import { RedisCache } from "../../../components/redis-cache/redis-cache.ts";
import { ServiceMeshGateway } from "../../../components/service-mesh-gateway/service-mesh-gateway.ts";
import { TemporalServer } from "../../../components/temporal-server/temporal-server.ts";
import type { Platform, Target } from "../../../src/core/platform.ts";
import { http } from "../../../src/core/probe.ts";

/** Arguments beside the platform; a maker lays them over what the component cannot be without. */
export type Args = Readonly<Record<string, unknown>>;
/** What stands beside the component, for arguments that are connections. */
export type Beside = ReturnType<typeof beside>;
export type ArgsOf = (around: Beside) => Args;

/** What a component may be bound to; each is made when somebody asks for it, and then once. */
function beside(platform: Platform) {
  const once = <R>(make: () => R) => {
    let made: R | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const databases = { app: {}, temporal: {}, lists: {}, other: {} };
  const db = once(() => new PostgresDb("db", { platform, databases }));
  const bus = once(() => new NatsCluster("bus", { platform }));
  const spare = once(() => new NatsCluster("spare", { platform }));
  const cache = once(() => new RedisCache("cache", { platform }));
  const served = (name: string) => new AppService(name, { platform, image: "registry.example/web:1.0.0", ports: { http: 80 }, health: http("/") });
  const web = once(() => served("web"));
  const next = once(() => served("next"));
  const otel = once(() => telemetryOf(platform, "telemetry"));
  const temporal = once(
    () =>
      new TemporalServer("temporal", {
        platform,
        database: db().databases.temporal,
        visibility: db().databases.lists,
        historyShards: 4,
        namespaces: { guard: {}, other: {} },
      }),
  );
  return { db, bus, spare, cache, web, next, otel, temporal };
}

type Maker = (platform: Platform, given: ArgsOf) => void;

/** Each class with what it cannot be without. The types are those of the tests' arguments: the rules of each class check them. */
const making =
  (Class: new (name: string, args: never) => unknown, least: (around: Beside, target: Target) => Args): Maker =>
  (platform, given) => {
    const around = beside(platform);
    // One after the other: the same things are made in both recordings.
    const args = { platform, ...least(around, platform.target), ...given(around) };
    new Class("it", args as never);
  };

/** AWS has no certificates for development. */
export const issued = { issuer: { acm: { hostedZone: "Z0123456789ABCDEFGHIJ" } } };

const route = { subject: "gh.>", workflow: "Handle", taskQueue: "codex" };

export const makers: Readonly<Record<string, Maker>> = {
  AppService: making(AppService, ({ cache }) => {
    cache();
    return { image: "registry.example/api:1.0.0", ports: { http: 8000 }, health: http("/health"), replicas: 1 };
  }),
  MessageQueue: making(MessageQueue, () => ({ queues: { jobs: {} } })),
  NatsCluster: making(NatsCluster, () => ({ replicas: 1 })),
  NatsTemporalBridge: making(NatsTemporalBridge, ({ bus, spare, temporal, otel }) => {
    spare();
    otel();
    return {
      nats: bus().connection,
      temporal: temporal().namespaces.guard,
      stream: "GH",
      consumer: "CODEX",
      routes: [route],
      replicas: 1,
    };
  }),
  ObservabilityStack: making(ObservabilityStack, ({ db, cache }) => {
    cache();
    return { observes: [db()] };
  }),
  OpaServer: making(OpaServer, () => ({ policies: "stacks/gitguard/policies", path: "repo/guard", replicas: 1 })),
  PostgresDb: making(PostgresDb as never, () => ({ databases: { app: {} } })),
  RedisCache: making(RedisCache, () => ({})),
  ServiceMeshGateway: making(ServiceMeshGateway, ({ web, next }, target) => {
    next();
    return { routes: { web: { to: web().connection } }, hosts: ["shop.example"], ...(target === "aws" ? { tls: { certificate: issued } } : {}) };
  }),
  TemporalServer: making(TemporalServer as never, ({ db }) => ({
    database: db().databases.temporal,
    visibility: db().databases.lists,
    historyShards: 4,
    namespaces: { guard: {} },
  })),
};
