import type { Profile } from "../../../src/core/profile.ts";
import { type RoleName, replicasOf, roleNames, roles } from "./roles.ts";

/** Replicas of a role at once while it is rolled out: a quarter of them come before as many go. */
const atOnce = (role: RoleName, profile: Profile) => replicasOf(role, profile) + Math.ceil(replicasOf(role, profile) / 4);

const shares = (profile: Profile) => roleNames.reduce((total, role) => total + atOnce(role, profile) * roles[role].connections, 0);

/** Connections that one replica of a role may open, so that all of all roles stay within `maxConnections`, during a rollout, too. */
export const connectionsOf = (role: RoleName, maxConnections: number, profile: Profile): number =>
  Math.floor(maxConnections / shares(profile)) * roles[role].connections;

/** The fewest with which every replica has its share and one to each database. */
export const fewestConnections = (profile: Profile): number => 2 * shares(profile);
