import type { Route } from "../model.ts";

/** Everything that the configuration of nginx is made of. */
export interface GatewaySettings {
  /** Host names that routes are for. */
  readonly names: readonly string[];
  readonly routes: readonly Route[];
  readonly minVersion: "1.2" | "1.3";
  /** Headers of every answer, by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly workers: number;
}

/** Ports inside the container; the first two are published. */
export const ports = { http: 8088, https: 8443, status: 8089 } as const;

/** Where the exporter finds the figures, on the status port. */
export const statusPath = "/stub_status";

/** Names of what belongs to one route: nginx takes no hyphen in a variable, and no route has an underscore. */
export const variableOf = (what: string, route: Pick<Route, "name">) => `$${what}_${route.name.replaceAll("-", "_")}`;

/** A block with its lines indented. */
export const block = (head: string, lines: readonly string[]): string[] => [
  `${head} {`,
  ...lines.map((line) => (line === "" ? "" : `    ${line}`)),
  "}",
];

/** Text between quotes; checks keep out what would end it. */
export const quoted = (text: string) => `"${text}"`;
