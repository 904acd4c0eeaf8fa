import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appServiceRules } from "../../components/app-service/spec.ts";
import { messageQueueRules } from "../../components/message-queue/spec.ts";
import { natsClusterRules } from "../../components/nats-cluster/spec.ts";
import { natsTemporalBridgeRules } from "../../components/nats-temporal-bridge/spec.ts";
import { observabilityStackRules } from "../../components/observability-stack/spec.ts";
import { opaServerRules } from "../../components/opa-server/spec.ts";
import { postgresDbRules } from "../../components/postgres-db/spec.ts";
import { redisCacheRules } from "../../components/redis-cache/spec.ts";
import { gatewayRules } from "../../components/service-mesh-gateway/spec.ts";
import { temporalServerRules } from "../../components/temporal-server/spec.ts";
import { parity, parityTable } from "../../docs/parity.ts";
import { changes } from "../support/parity/changes.ts";
import { repository } from "../support/recorded.ts";

/** Everything that somebody can write, from what checks it. */
const rules: Readonly<Record<string, object>> = {
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

const argumentsOf = (of: Readonly<Record<string, object>>) =>
  Object.entries(of)
    .flatMap(([component, args]) => Object.keys(args).map((argument) => `${component}.${argument}`))
    .filter((name) => !name.endsWith(".platform"))
    .toSorted();

test("every argument of every component has a row, and a change that tries it", () => {
  expect(argumentsOf(parity)).toEqual(argumentsOf(rules));
  expect(argumentsOf(changes)).toEqual(argumentsOf(rules));
});

test("docs/parity.md is the table", () => {
  expect(parityTable(), "run npm run docs:parity").toBe(readFileSync(join(repository, "docs", "parity.md"), "utf8"));
});
