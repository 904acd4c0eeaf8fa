import { appServiceRules, appServiceSpec } from "../../components/app-service/spec.ts";
import { messageQueueRules, messageQueueSpec } from "../../components/message-queue/spec.ts";
import { natsClusterRules, natsClusterSpec } from "../../components/nats-cluster/spec.ts";
import { bridgeRequired, natsTemporalBridgeRules, natsTemporalBridgeSpec } from "../../components/nats-temporal-bridge/spec.ts";
import { observabilityStackRequired, observabilityStackRules, observabilityStackSpec } from "../../components/observability-stack/spec.ts";
import type { PolicyFolder } from "../../components/opa-server/policies.ts";
import { opaServerRequired, opaServerRules, opaServerSpec } from "../../components/opa-server/spec.ts";
import { postgresDbRules, postgresDbSpec } from "../../components/postgres-db/spec.ts";
import { redisCacheRules, redisCacheSpec } from "../../components/redis-cache/spec.ts";
import { gatewayRules, gatewaySpec } from "../../components/service-mesh-gateway/spec.ts";
import { temporalServerRequired, temporalServerRules, temporalServerSpec } from "../../components/temporal-server/spec.ts";
import { type SettingsResult, settleSettings } from "../../src/config/settings.ts";
import type { Rules } from "../../src/core/checks.ts";
import { type ImageName, imageReference } from "../../src/core/images.ts";
import type { Required, Settled } from "../../src/core/platform.ts";
import { formatProblems } from "../../src/core/problems.ts";
import type { StackSettings } from "../../src/core/settings.ts";
import { settleArgs } from "../../src/core/settle.ts";
import type { SystemSpec } from "../../src/core/system.ts";

export type Variables = Readonly<Record<string, string>>;

/** A stack document with nothing wrong in it. */
export const goodDocument = { topology: "starter", target: "docker", profile: "dev" };

export const stackFile = "Pulumi.dev.yaml";

/** Settles any document, as the stack program does. */
export const settleDocument = (document: unknown, environment: Variables = {}): SettingsResult =>
  settleSettings({ project: "groundplan", env: "dev", document, file: stackFile, environment });

/** Settings of a good document with these keys laid over it. */
export function settingsOf(over: Readonly<Record<string, unknown>> = {}, environment: Variables = {}): StackSettings {
  const result = settleDocument({ ...goodDocument, ...over }, environment);
  if (!("settings" in result)) throw new Error(formatProblems(result.problems));
  return result.settings;
}

/** What a spec asks of a platform: how an image is called here. A spec that asks for more fails. */
class SpecPlatform {
  readonly #settings: StackSettings;

  constructor(settings: StackSettings) {
    this.#settings = settings;
  }

  imageReference(name: ImageName): string {
    return imageReference({ table: name }, this.#settings.images);
  }

  realise(): never {
    throw new Error("a spec realises nothing");
  }
}

/** The way of a component's arguments to its spec, as its class goes it. */
const system =
  <A extends object>(rules: Rules<A>, spec: (name: string, settled: Settled<A>) => SystemSpec, required: Required<A> = []) =>
  (name: string, args: object = {}, settings: StackSettings = settingsOf()): SystemSpec =>
    spec(name, settleArgs(settings, name, { platform: new SpecPlatform(settings), ...args } as unknown as A, rules, required));

/** A folder of policies with nothing wrong in it. */
export const somePolicies: PolicyFolder = {
  folder: "policies",
  files: [{ path: "repo/guard/guard.rego", content: "package repo.guard\n\ndefault allow := false\n" }],
};

export const specs = {
  AppService: system(appServiceRules, appServiceSpec, ["ports", "health"]),
  MessageQueue: system(messageQueueRules, messageQueueSpec, ["queues"]),
  NatsCluster: system(natsClusterRules, natsClusterSpec),
  NatsTemporalBridge: system(natsTemporalBridgeRules, natsTemporalBridgeSpec, bridgeRequired),
  ObservabilityStack: system(observabilityStackRules, observabilityStackSpec, [...observabilityStackRequired]),
  PostgresDb: system(postgresDbRules, postgresDbSpec),
  OpaServer: system(opaServerRules, (name, settled) => opaServerSpec(name, settled, somePolicies), opaServerRequired),
  RedisCache: system(redisCacheRules, redisCacheSpec),
  ServiceMeshGateway: system(gatewayRules, gatewaySpec, ["routes"]),
  TemporalServer: system(temporalServerRules, temporalServerSpec, temporalServerRequired),
};

export type Kind = keyof typeof specs;

/** The spec of a component without problems; anything else is a mistake of the test. */
export function soundSpec(kind: Kind, name: string, args: object = {}, settings?: StackSettings): SystemSpec {
  const spec = specs[kind](name, args, settings);
  if (spec.problems.length > 0) throw new Error(formatProblems(spec.problems));
  return spec;
}
