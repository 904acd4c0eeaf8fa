import { messageQueueOnAws } from "../components/message-queue/aws/realise.ts";
import { natsOnAws } from "../components/nats-cluster/aws/realise.ts";
import { observabilityOnAws } from "../components/observability-stack/aws/realise.ts";
import { postgresOnAws } from "../components/postgres-db/aws/realise.ts";
import { redisOnAws } from "../components/redis-cache/aws/realise.ts";
import { openAwsGround } from "./platforms/aws/ground.ts";
import type { ManagedSystems } from "./platforms/aws/managed.ts";

/** The AWS ground: load it when the stack's target is aws. */
export { AwsPlatform, type AwsPlatformArgs } from "./platforms/aws/platform.ts";

/** Systems that a service of AWS does better than containers, by the class of the component. */
const managed: ManagedSystems = {
  MessageQueue: messageQueueOnAws,
  NatsCluster: natsOnAws,
  ObservabilityStack: observabilityOnAws,
  PostgresDb: postgresOnAws,
  RedisCache: redisOnAws,
};

export const openGround = (context: Parameters<typeof openAwsGround>[0]) => openAwsGround(context, managed);
