import type { ClusterSystem } from "../../../src/platforms/kubernetes/systems.ts";
import { apart } from "../roles/apart.ts";
import { type Rollout, tooFewConnections } from "../roles/budget.ts";
import { usualConnections } from "../stores.ts";

/** A quarter of the replicas of a Deployment come before as many go. */
export const onKubernetes: Rollout = { atOnce: (replicas) => replicas + Math.ceil(replicas / 4), usual: usualConnections };

/** Where data is guarded, each role is a Deployment of its own; elsewhere one server has them all. */
export const temporalOnKubernetes: ClusterSystem = {
  shape: (spec, { profile }) => (profile.guardData ? apart(spec, profile, onKubernetes) : spec),
  problems: (spec, { profile }) => (profile.guardData ? tooFewConnections(spec, profile, onKubernetes) : []),
};
