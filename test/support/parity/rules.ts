import { appServiceRules } from "../../../components/app-service/spec.ts";
import { messageQueueRules } from "../../../components/message-queue/spec.ts";
import { natsClusterRules } from "../../../components/nats-cluster/spec.ts";
import { natsTemporalBridgeRules } from "../../../components/nats-temporal-bridge/spec.ts";
import { observabilityStackRules } from "../../../components/observability-stack/spec.ts";
import { opaServerRules } from "../../../components/opa-server/spec.ts";
import { postgresDbRules } from "../../../components/postgres-db/spec.ts";
import { redisCacheRules } from "../../../components/redis-cache/spec.ts";
import { gatewayRules } from "../../../components/service-mesh-gateway/spec.ts";
import { temporalServerRules } from "../../../components/temporal-server/spec.ts";

/** Everything that somebody can write, from what checks it. */
export const rules: Readonly<Record<string, object>> = {
  AppService: appServiceRules,
  MessageQueue: messageQueueRules,
  NatsCluster: natsClusterRules,
  NatsTemporalBridge: natsTemporalBridgeRules,
  ObservabilityStack: observabilityStackRules,
  OpaServer: opaServerRules,
  PostgresDb: postgresDbRules,
  RedisCache: redisCacheRules,
  ServiceMeshGateway: gatewayRules,
  TemporalServer: temporalServerRules,
};
