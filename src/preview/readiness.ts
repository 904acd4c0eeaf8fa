import type { Plan } from "./plan.ts";
import { awsReadiness } from "./readiness-aws.ts";
import { dockerReadiness } from "./readiness-docker.ts";
import { kubernetesReadiness } from "./readiness-kubernetes.ts";
import type { ReadinessRow } from "./readiness-row.ts";

/** Each target reads its own resources; a plan has those of one. */
const grounds: readonly ((plan: Plan) => ReadinessRow[])[] = [dockerReadiness, kubernetesReadiness, awsReadiness];

export const readinessOf = (plan: Plan): ReadinessRow[] => grounds.flatMap((rows) => rows(plan));
