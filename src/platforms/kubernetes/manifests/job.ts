import type { batch, core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import { labelKeys } from "../../../core/labels.ts";
import type { JobSpec } from "../../../core/workload.ts";
import { placingSeconds } from "./deployment.ts";
import { metadata, type Part, type Place } from "./names.ts";

/** A pod that fails is tried again: the network of a new pod may open a moment late. */
const retries = 2;

/** Longest that all tries together may take; a node that must be found and an image that must be pulled count, too. */
export const deadlineSeconds = ({ timeoutSeconds }: Pick<JobSpec, "timeoutSeconds">) => timeoutSeconds + placingSeconds;

const jobSpec = (spec: JobSpec, template: core.v1.PodTemplateSpec): batch.v1.JobSpec => ({
  backoffLimit: retries,
  activeDeadlineSeconds: deadlineSeconds(spec),
  completions: 1,
  parallelism: 1,
  template,
});

/** One that failed is made anew by the next `up`; it would fail that one, too, whatever was mended since. */
const tryAgain = { "pulumi.com/replaceUnready": "true" };

/** A step of an `up`; its name changes with what it does. It stays when it is done: while it is there, it has been done. */
export const job = (place: Place, part: Part, name: Input<string>, spec: JobSpec, template: core.v1.PodTemplateSpec): batch.v1.Job => ({
  metadata: metadata(place, part, name, tryAgain),
  spec: jobSpec(spec, template),
});

/** A check that waits for `verify`: it makes Jobs of this one, the schedule never runs. */
export const check = (place: Place, part: Part, spec: JobSpec, template: core.v1.PodTemplateSpec): batch.v1.CronJob => {
  const meta = metadata(place, part, part.name, spec.title ? { [labelKeys.title]: spec.title } : undefined);
  return {
    metadata: meta,
    spec: {
      schedule: "0 0 1 1 *",
      suspend: true,
      concurrencyPolicy: "Forbid",
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: { metadata: { labels: meta.labels }, spec: { ...jobSpec(spec, template), backoffLimit: 0 } },
    },
  };
};
