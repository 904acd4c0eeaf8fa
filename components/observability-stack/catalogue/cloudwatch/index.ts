import { stubConnection } from "../../../../src/core/connection.ts";
import type { Observed } from "../../../../src/core/observed.ts";
import { alertsOf } from "../index.ts";
import type { Alert } from "../model.ts";
import { commonTranslations } from "./common.ts";
import type { OnAws, Places, Translations } from "./model.ts";
import { natsTranslations } from "./nats.ts";
import { postgresTranslations } from "./postgres.ts";
import { redisTranslations } from "./redis.ts";
import { bridgeTranslations, gatewayTranslations, opaTranslations, serviceTranslations } from "./services.ts";
import { meshTranslations, stackTranslations } from "./stack.ts";
import { temporalTranslations } from "./temporal.ts";

/** By the name of the alert: the one table. */
const translations: Translations = {
  ...commonTranslations,
  ...postgresTranslations,
  ...redisTranslations,
  ...natsTranslations,
  ...temporalTranslations,
  ...opaTranslations,
  ...serviceTranslations,
  ...bridgeTranslations,
  ...gatewayTranslations,
  ...meshTranslations,
  ...stackTranslations,
};

export interface Translated {
  readonly alert: Alert;
  readonly onAws: OnAws;
}

/** What becomes of one alert on AWS. An alert without a translation is an error: none is dropped in silence. */
export function translate(alert: Alert, it: Observed, places: Places): OnAws {
  const found = translations[alert.name];
  if (!found) throw new Error(`${alert.name}: the catalogue has the alert, and catalogue/cloudwatch has no translation of it`);
  return found(alert, it, places);
}

export const translated = (it: Observed, places: Places): readonly Translated[] =>
  alertsOf([onAws(it)]).map((alert) => ({ alert, onAws: translate(alert, it, places) }));

/** A gateway on AWS has figures of its own, of answers and times, as a proxy has: those of its load balancer. */
const onAws = (it: Observed): Observed => {
  if (it.kind !== "ServiceMeshGateway") return it;
  const { exporter: _, ...gateway } = it;
  return { ...gateway, metrics: { from: stubConnection(it.name, { scheme: "http", workload: it.name, port: "http" }), path: "/" } };
};
