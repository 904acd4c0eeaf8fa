import { readFileSync } from "node:fs";
import { filesFolder as folder, tableContainer } from "../../src/core/parts.ts";
import { secretRef } from "../../src/core/text.ts";
import type { FileSpec, JobSpec, Resources } from "../../src/core/workload.ts";
import type { GatewayModel } from "./model.ts";
import { ports } from "./nginx/settings.ts";
import { healthPath } from "./relations.ts";

/** What differs between the grounds of a gateway. */
export interface CheckedAt {
  readonly ports: { readonly http: number; readonly https: number };
  /** Path that the gateway answers itself, where it has one. */
  readonly health?: string;
  /** How plain HTTP is sent away, and the beginning of where to. */
  readonly redirect: { readonly status: 301 | 308; readonly to: string };
  /** File with the authority that the certificate must prove. @default those that everybody trusts */
  readonly authority?: string;
}

/** What `verify` runs: a client that checks the certificate, follows no redirect, and asks every route. */
export function gatewayCheck(
  name: string,
  { hosts, routes }: Pick<GatewayModel, "hosts" | "routes">,
  at: CheckedAt,
  files: readonly FileSpec[],
  resources: Resources,
): JobSpec {
  const [host = ""] = hosts;
  const asked = { gateway: name, ...at, host, routes: routes.map((route) => ({ name: route.name, host: route.host ?? host, path: route.path })) };
  return {
    ...tableContainer("node", resources),
    name: `${name}-check`,
    when: "verify",
    joins: name,
    after: [name],
    entrypoint: ["node", `${folder}/check.mjs`],
    files: [
      { path: `${folder}/check.mjs`, content: readFileSync(new URL("./check/check.mjs", import.meta.url), "utf8") },
      { path: `${folder}/check.json`, content: JSON.stringify(asked) },
      ...files,
    ],
    volumes: [],
    timeoutSeconds: 90,
  };
}

/** The authority that the certificate comes from, as the secrets of the system have it. */
export const authorityFile = (secret: string): FileSpec => ({ path: `${folder}/ca.pem`, content: { parts: [secretRef(secret)] } });

export const nginxChecked = ([host = ""]: readonly string[]): CheckedAt => ({
  ports: { http: ports.http, https: ports.https },
  health: healthPath,
  redirect: { status: 308, to: `https://${host}:` },
  authority: authorityFile("").path,
});
