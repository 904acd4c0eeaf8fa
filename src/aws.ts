import { messageQueueOnAws } from "../components/message-queue/aws/realise.ts";
import { natsOnAws } from "../components/nats-cluster/aws/realise.ts";
import { observabilityOnAws } from "../components/observability-stack/aws/realise.ts";
import { opaOnAws } from "../components/opa-server/aws/tasks.ts";
import { postgresOnAws } from "../components/postgres-db/aws/realise.ts";
import { redisOnAws } from "../components/redis-cache/aws/realise.ts";
import { gatewayOnAws } from "../components/service-mesh-gateway/aws/realise.ts";
import { temporalOnAws } from "../components/temporal-server/aws/shape.ts";
import { openAwsGround } from "./platforms/aws/ground.ts";
import type { ManagedSystems } from "./platforms/aws/managed.ts";

/** The AWS ground: load it when the stack's target is aws. */
export { AwsPlatform, type AwsPlatformArgs } from "./platforms/aws/platform.ts";

/** Systems that a service of AWS does better than containers, by the class of the component. */
const managed: ManagedSystems = {
  MessageQueue: messageQueueOnAws,
  NatsCluster: natsOnAws,
  OpaServer: opaOnAws,
  ObservabilityStack: observabilityOnAws,
  PostgresDb: postgresOnAws,
  RedisCache: redisOnAws,
  TemporalServer: temporalOnAws,
  ServiceMeshGateway: gatewayOnAws,
};

/** Opens the ground for a stack; `runStack` calls it. */
export const openGround = (context: Parameters<typeof openAwsGround>[0]) => openAwsGround(context, managed);
export type * from "./platforms/aws/overrides.ts";
