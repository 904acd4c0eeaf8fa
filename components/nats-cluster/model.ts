import type { NatsAwsArgs } from "./aws-args.ts";
import type { Streams } from "./streams.ts";

/** A cluster as it was declared, for a target that runs its nodes on machines of their own. */
export interface NatsModel {
  readonly replicas: 1 | 3;
  readonly streams: Streams;
  readonly deadLetters: boolean;
  readonly maxPayloadKiB: number;
  readonly memoryMiB: number;
  readonly storageGiB: number;
  readonly aws: NatsAwsArgs;
}

/** What it holds, for whoever watches it: `GH/CODEX` is the consumer CODEX of the stream GH. */
export const factsOf = ({ streams, deadLetters }: NatsModel) => ({
  streams: Object.keys(streams),
  consumers: Object.entries(streams).flatMap(([stream, { consumers = {} }]) => Object.keys(consumers).map((consumer) => `${stream}/${consumer}`)),
  deadLetters: deadLetters ? ["DLQ"] : [],
});
