/** Labels that scrapes add, because a figure of CloudWatch is chosen by equal dimensions alone. */

/** By the first digit of a status code: `5xx`. */
export const answered = (group: string) => ({ answer: group });

/** Questions to the policies of an OpaServer. */
export const decided = { asked: "decision" };

/** A `$` is the collector's own sign for variables: doubled, it reaches Prometheus. */
const group = "$$1";

const answers = { source_labels: ["code"], regex: "([0-9])[0-9][0-9]", target_label: "answer", replacement: `${group}xx` };

/** Queues of the server's own work; nobody polls them as workers do. */
const internalQueues = {
  source_labels: ["__name__", "taskqueue"],
  separator: ";",
  regex: "(approximate_backlog_age_seconds|no_poller_tasks);temporal_sys.*",
  action: "drop",
};

/** What is changed in what a component of a class is scraped for. */
export const relabelings: Readonly<Record<string, readonly object[]>> = {
  AppService: [answers],
  NatsTemporalBridge: [answers],
  OpaServer: [
    answers,
    { source_labels: ["handler"], regex: "v1/data.*|v0/data.*|v1/compile.*|v1/query.*", target_label: "asked", replacement: decided.asked },
  ],
  TemporalServer: [internalQueues],
};
