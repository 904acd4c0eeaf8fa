import { parser } from "@prometheus-io/lezer-promql";

/** Places in a query that the grammar does not take. */
export function faultsIn(expr: string): string[] {
  const faults: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) faults.push(`at ${node.from}: ${expr.slice(node.from, node.from + 20) || "the end"}`);
    },
  });
  return faults;
}

/** Metrics that a query reads. */
export function metricsIn(expr: string): string[] {
  const names = new Set<string>();
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.name === "VectorSelector") names.add(expr.slice(node.from, node.to).replace(/\{.*$/s, ""));
    },
  });
  return [...names];
}
