import { type Check, decimal, either, flag, isRecord, listOf, mapOf, matching, shape } from "../../src/core/checks.ts";

type Value = string | number | boolean;

/** A value that holds where all constraints do. */
export interface ConstrainedValue {
  /** What holds then, of the type that the key wants. */
  readonly value: Value | readonly unknown[] | Readonly<Record<string, unknown>>;
  /** E.g. `{ namespace: "guard" }` or `{ taskQueueName: "pushes" }`. @default everywhere */
  readonly constraints?: Readonly<Record<string, Value>>;
}

/** Key -> a value for everything, or several with constraints. */
export type DynamicConfig = Readonly<Record<string, Value | readonly ConstrainedValue[]>>;

const plain = either(matching(/^/, "text, a number, or true or false", "or write a list of { value, constraints }"), decimal(-1e15, 1e15), flag);

export const dynamicConfigCheck: Check = mapOf(
  matching(/^[A-Za-z]\w*(\.\w+)+$/, "a key of the dynamic configuration", "e.g. limit.maxIDLength"),
  (value, at) =>
    Array.isArray(value)
      ? listOf(
          shape<{ value: unknown; constraints: unknown }>(
            {
              value: (inner, where) => (Array.isArray(inner) || isRecord(inner) ? [] : plain(inner, where)),
              constraints: mapOf(matching(/^[A-Za-z]+$/, "the name of a constraint", "e.g. namespace"), plain),
            },
            ["value"],
          ),
          1,
        )(value, at)
      : plain(value, at),
);

/** The file that the server reads and demands: YAML, of which JSON is a part, with a line for each key. */
export function dynamicConfigFile(config: DynamicConfig): string {
  const lines = Object.entries(config).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(Array.isArray(value) ? value : [{ value }])}`);
  return lines.length === 0 ? "{}\n" : `${lines.join("\n")}\n`;
}
