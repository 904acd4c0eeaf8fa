import { aPlatform, type Check, integer, isRecord, listOf, mapOf, matching, oneOf, problemsOf, type Rules, shape } from "../../src/core/checks.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Settled } from "../../src/core/platform.ts";
import type { Problem } from "../../src/core/problems.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { observabilityAwsCheck } from "./aws-args.ts";
import { exporters } from "./exporters.ts";
import type { ObservabilityStackArgs } from "./observability-stack.ts";
import type { GivenArgs, Monitors, StackModel } from "./part.ts";
import { receiverFindings, receiversCheck, settleReceivers } from "./receivers.ts";
import { byName } from "./replicas.ts";
import { partNames, sizesOf, storeNames } from "./sizes.ts";
import { stackOf } from "./stack.ts";

const perName = <K extends string>(names: readonly K[], check: Check) =>
  shape<Record<K, number>>(Object.fromEntries(names.map((name) => [name, check])) as Rules<Record<K, number>>);

/** What a component tells; a topology that is not type-checked may list anything. */
const observable: Check = (value, at) => {
  const { name, kind, replicas, facts, metrics, exporter, health }: Record<string, unknown> =
    isRecord(value) && isRecord(value.observed) ? value.observed : {};
  const leads = (way: unknown) => way === undefined || (isRecord(way) && isRecord(way.from) && isRecord(way.from.summary));
  const asked = exporter === undefined || (isRecord(exporter) && Object.hasOwn(exporters, exporter.kind as string));
  const names = isRecord(facts) && Object.values(facts).every((list) => Array.isArray(list) && list.every((one) => typeof one === "string"));
  const told = typeof name === "string" && name !== "" && typeof kind === "string" && typeof replicas === "number";
  if (told && names && asked && leads(metrics) && leads(exporter) && leads(health)) return [];
  const rule = "a component that tells what there is to observe";
  return [{ path: at, value: typeof value, rule, fix: "list the components themselves, e.g. [db, bus, api]" }];
};

export const observabilityStackRules: Rules<ObservabilityStackArgs> = {
  platform: aPlatform,
  observes: listOf(observable),
  traces: oneOf(["tempo", "jaeger", "none"]),
  receivers: receiversCheck,
  // Rates are over five minutes, and want several samples: above a minute alerts would be silent.
  scrapeSeconds: integer(5, 60, "seconds"),
  monitors: shape<Monitors>(
    {
      namespace: matching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a namespace", "e.g. monitoring"),
      labels: mapOf(
        matching(/^([a-z0-9][a-z0-9.-]*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, "the key of a label", 'e.g. { release: "prometheus" }'),
        matching(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/, "the value of a label", 'e.g. { release: "prometheus" }'),
      ),
    },
    ["namespace"],
  ),
  retentionDays: perName(storeNames, integer(1, 3650, "days")),
  storageGiB: perName(storeNames, integer(1, 65_536, "GiB")),
  memoryMiB: perName(partNames, integer(32, 65_536, "MiB")),
  aws: observabilityAwsCheck,
};

export const observabilityStackRequired = ["observes"] as const;

/** Everything about a stack that does not depend on the target. */
export function observabilityStackSpec(name: string, { args, profile, problems, origins }: Settled<ObservabilityStackArgs>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<ObservabilityStackArgs> = problems.length > 0 ? {} : args;
  const listed = (given.observes ?? []).map(({ observed }) => observed);
  const observes = listed.filter(({ elsewhere }) => !elsewhere);
  const allProblems: readonly Problem[] =
    problems.length > 0 ? problems : [...problemsOf(name, receiverFindings(given.receivers ?? {}), origins), ...twice(name, listed)];
  const model: StackModel = {
    name,
    profile,
    observes: allProblems.length > 0 ? [] : observes,
    traces: given.traces ?? "tempo",
    receivers: settleReceivers(given.receivers ?? {}),
    scrapeSeconds: given.scrapeSeconds ?? 15,
    sizes: sizesOf(profile, given),
    given: givenOf(given),
    ...(given.monitors ? { monitors: given.monitors } : {}),
    find: byName,
    copies: 1,
    logs: "daemon",
  };
  return {
    ...stackOf(model),
    problems: allProblems,
    warnings: [
      ...(model.receivers.length > 0 ? [] : ["alerts have no receiver: Prometheus shows them, and nobody is told; set receivers"]),
      ...listed.filter(({ elsewhere }) => elsewhere).map((one) => `${one.name} runs elsewhere, and is watched by those who run it`),
    ],
  };
}

function givenOf({ traces, scrapeSeconds, retentionDays, storageGiB, memoryMiB, aws }: Partial<ObservabilityStackArgs>): GivenArgs {
  return {
    ...(traces === undefined ? {} : { traces }),
    ...(scrapeSeconds === undefined ? {} : { scrapeSeconds }),
    ...(retentionDays ? { retentionDays } : {}),
    ...(storageGiB ? { storageGiB } : {}),
    ...(memoryMiB ? { memoryMiB } : {}),
    ...(aws ? { aws } : {}),
  };
}

const twice = (component: string, observes: readonly Observed[]): Problem[] =>
  observes.flatMap(({ name }, index) =>
    observes.findIndex((other) => other.name === name) < index
      ? [{ component, path: `observes[${index}]`, value: name, rule: "a component that is not in the list already", fix: "remove it" }]
      : [],
  );
