import { problemsOf } from "../../src/core/checks.ts";
import { type ExistingArgs, type ExistingLogin, existingCheck, existingFindings, loginCheck, loginRules } from "../../src/core/existing.ts";
import { existingSpec } from "../../src/core/existing-spec.ts";
import type { Settled } from "../../src/core/platform.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { RedisCacheArgs } from "./redis-cache.ts";

/** A cache that runs already, and who logs in: `default` where it knows no users. */
export interface ExistingRedis extends ExistingArgs, ExistingLogin {
  /**
   * Who may read statistics.
   * @default nobody
   * @change restart; of what is bound to it
   */
  readonly monitor?: ExistingLogin;
}

export const existingRedisCheck = existingCheck<ExistingRedis>({ ...loginRules, monitor: loginCheck }, ["password"]);

/** The same connections as a cache of the stack has, to one that is there already. */
export function existingRedisSpec(own: SystemSpec, { args, profile, origins }: Settled<RedisCacheArgs>, place: ExistingRedis): SystemSpec {
  const at = { scheme: place.tls === false ? "redis" : "rediss", workload: own.name, port: "port" };
  return existingSpec({
    kind: own.kind,
    name: own.name,
    problems: [...own.problems, ...problemsOf(own.name, existingFindings(place, profile), origins)],
    model: own.model,
    profile,
    place,
    ports: { port: place.port ?? 6379 },
    secrets: { password: place.password, "monitor.password": place.monitor?.password },
    connections: {
      default: { ...at, username: place.username ?? "app", secret: "password" },
      monitor: { ...at, username: place.monitor?.username ?? "monitor", secret: "monitor.password" },
    },
    given: args,
    used: [],
  });
}
