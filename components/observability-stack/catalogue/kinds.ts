import type { Observed } from "../../../src/core/observed.ts";
import { appServiceAlerts, appServiceRecordings } from "./kinds/app-service.ts";
import { bridgeAlerts, bridgeRecordings } from "./kinds/bridge.ts";
import { gatewayAlerts, gatewayRecordings } from "./kinds/gateway.ts";
import { meshAlerts, meshKind, meshRecordings } from "./kinds/mesh.ts";
import { natsAlerts, natsRecordings } from "./kinds/nats.ts";
import { opaAlerts, opaRecordings } from "./kinds/opa.ts";
import { postgresAlerts, postgresRecordings } from "./kinds/postgres.ts";
import { redisAlerts, redisRecordings } from "./kinds/redis.ts";
import { selfKind, telemetryAlerts, telemetryRecordings } from "./kinds/telemetry.ts";
import { temporalAlerts, temporalRecordings } from "./kinds/temporal.ts";
import type { Kind, Section } from "./model.ts";
import { appServiceSections, appServiceStats } from "./panels/app-service.ts";
import { bridgeSections, bridgeStats } from "./panels/bridge.ts";
import { gatewaySections, gatewayStats } from "./panels/gateway.ts";
import { meshSections, meshStats } from "./panels/mesh.ts";
import { messageQueueSections } from "./panels/message-queue.ts";
import { natsSections, natsStats } from "./panels/nats.ts";
import { opaSections, opaStats } from "./panels/opa.ts";
import { postgresSections, postgresStats } from "./panels/postgres.ts";
import { redisSections, redisStats } from "./panels/redis.ts";
import { telemetrySections, telemetryStats } from "./panels/telemetry.ts";
import { temporalSections, temporalStats } from "./panels/temporal.ts";
import { isScraped } from "./promql.ts";

const nothing = () => [];

/** A class that the catalogue has no words for: `up` is all that is known of it. */
const unknown: Kind = { keepsData: false, traces: false, recordings: nothing, alerts: nothing, stats: nothing, sections: nothing };

/** The one table of classes. */
const kinds: Readonly<Record<string, Kind>> = {
  PostgresDb: {
    keepsData: true,
    traces: false,
    recordings: postgresRecordings,
    alerts: postgresAlerts,
    stats: postgresStats,
    sections: postgresSections,
  },
  RedisCache: { keepsData: true, traces: false, recordings: redisRecordings, alerts: redisAlerts, stats: redisStats, sections: redisSections },
  NatsCluster: { keepsData: true, traces: false, recordings: natsRecordings, alerts: natsAlerts, stats: natsStats, sections: natsSections },
  // Its server has no figures for Prometheus: what it says is in its log.
  MessageQueue: { ...unknown, keepsData: true, sections: messageQueueSections },
  TemporalServer: {
    keepsData: false,
    traces: true,
    recordings: temporalRecordings,
    alerts: temporalAlerts,
    stats: temporalStats,
    sections: temporalSections,
  },
  OpaServer: { keepsData: false, traces: true, recordings: opaRecordings, alerts: opaAlerts, stats: opaStats, sections: opaSections },
  AppService: {
    keepsData: false,
    traces: true,
    recordings: appServiceRecordings,
    alerts: appServiceAlerts,
    stats: appServiceStats,
    sections: appServiceSections,
  },
  NatsTemporalBridge: {
    keepsData: false,
    traces: true,
    recordings: bridgeRecordings,
    alerts: bridgeAlerts,
    stats: bridgeStats,
    sections: bridgeSections,
  },
  ServiceMeshGateway: {
    keepsData: false,
    traces: false,
    recordings: gatewayRecordings,
    alerts: gatewayAlerts,
    stats: gatewayStats,
    sections: gatewaySections,
  },
  [meshKind]: {
    keepsData: false,
    traces: false,
    recordings: meshRecordings,
    alerts: meshAlerts,
    stats: meshStats,
    sections: meshSections,
  },
  [selfKind]: {
    keepsData: false,
    traces: false,
    recordings: telemetryRecordings,
    alerts: telemetryAlerts,
    stats: telemetryStats,
    sections: telemetrySections,
  },
};

/** What the catalogue knows of this component. One that serves no figures keeps what is about its log: rules on figures would be of no use. */
export function kindOf(it: Observed): Kind {
  const known = kinds[it.kind] ?? unknown;
  if (isScraped(it) || it.kind === selfKind || it.kind === meshKind) return known;
  return { ...unknown, keepsData: known.keepsData, traces: known.traces, sections: (silent) => known.sections(silent).flatMap(fromLogs) };
}

function fromLogs({ title, panels }: Section): readonly Section[] {
  const kept = panels.filter(({ type }) => type === "logs" || type === "loggraph");
  return kept.length > 0 ? [{ title, panels: kept }] : [];
}
