/** One figure with its labels. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export const sample = (name: string, value: unknown, labels: Readonly<Record<string, string>> = {}): Sample => ({
  name,
  labels,
  value: Number(value),
});

/** The text format of Prometheus: figures of one name stand together. */
export function exposition(samples: readonly Sample[]): string {
  const byName = Map.groupBy(
    samples.filter(({ value }) => Number.isFinite(value)),
    ({ name }) => name,
  );
  return [...byName]
    .flatMap(([name, of]) => [`# TYPE ${name} ${/_total$/.test(name) ? "counter" : "untyped"}`, ...of.map(line)])
    .map((text) => `${text}\n`)
    .join("");
}

function line({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}
