import type { Problem } from "../../../src/core/problems.ts";
import type { Profile } from "../../../src/core/profile.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { TemporalModel } from "../model.ts";
import { type RoleName, replicasOf, roleNames, roles } from "./roles.ts";

/** How a target rolls roles out, as far as their connections to the databases go. */
export interface Rollout {
  /** Replicas of a role that are there at once at most while it is rolled out, of so many that are wanted. */
  readonly atOnce: (replicas: number) => number;
  /** Connections of all roles together when nobody says. */
  readonly usual: number;
}

/** Connections of all roles together, during a rollout, too. */
export const connectionsOfAll = ({ maxConnections }: TemporalModel, { usual }: Pick<Rollout, "usual">): number => maxConnections ?? usual;

const shares = (profile: Profile, { atOnce }: Rollout) =>
  roleNames.reduce((total, role) => total + atOnce(replicasOf(role, profile)) * roles[role].connections, 0);

/** Connections that one replica of a role may open, so that all of all roles stay within `total`, during a rollout, too. */
export const connectionsOf = (role: RoleName, total: number, profile: Profile, rollout: Rollout): number =>
  Math.floor(total / shares(profile, rollout)) * roles[role].connections;

/** The fewest with which every replica has its share and one to each database. */
export const fewestConnections = (profile: Profile, rollout: Rollout): number => 2 * shares(profile, rollout);

export function tooFewConnections({ name, model }: SystemSpec, profile: Profile, rollout: Rollout): Problem[] {
  const value = connectionsOfAll(model as TemporalModel, rollout);
  const fewest = fewestConnections(profile, rollout);
  if (value >= fewest) return [];
  const rule = `at least ${fewest} where the roles run apart: each replica needs one to each database, also while others are replaced`;
  return [{ component: name, path: "maxConnections", value, rule, fix: `write ${fewest} or more, or leave it out` }];
}
