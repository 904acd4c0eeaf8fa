import * as pulumi from "@pulumi/pulumi";

/** How soon somebody is needed: at once, today, or not at all. */
export type AlarmSeverity = "critical" | "warning" | "info";

export type SeverityTopics = Readonly<Partial<Record<AlarmSeverity, pulumi.Input<string>>>>;

/**
 * Topics of the stack's own receivers. Whether there are any is known only when the topology is complete, and alarms are
 * made before: they get it as an Output, which `settle` resolves.
 */
export class AlarmTopics {
  readonly #settled = Promise.withResolvers<SeverityTopics>();
  #topics: SeverityTopics = {};

  /** Topics that alarms of each severity tell; those of the other severities tell nobody more. */
  tell(topics: SeverityTopics): void {
    this.#topics = topics;
  }

  settle(): void {
    this.#settled.resolve(this.#topics);
  }

  of(severity: AlarmSeverity): pulumi.Output<string[]> {
    return pulumi.output(this.#settled.promise).apply((topics) => [topics[severity]].filter((topic) => topic !== undefined));
  }
}
