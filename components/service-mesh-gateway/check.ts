import { readFileSync } from "node:fs";
import { filesFolder as folder, tableContainer } from "../../src/core/parts.ts";
import { secretRef } from "../../src/core/text.ts";
import type { JobSpec, Resources } from "../../src/core/workload.ts";
import type { GatewayModel } from "./model.ts";
import { ports } from "./nginx/settings.ts";

/** What `verify` runs: a client that checks the certificate, follows no redirect, and asks every route. */
export function gatewayCheck(name: string, { hosts, routes }: GatewayModel, authority: string, resources: Resources): JobSpec {
  const [host = ""] = hosts;
  const asked = { gateway: name, ports, host, routes: routes.map((route) => ({ name: route.name, host: route.host ?? host, path: route.path })) };
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
      { path: `${folder}/ca.pem`, content: secretRefText(authority) },
    ],
    volumes: [],
    timeoutSeconds: 90,
  };
}

const secretRefText = (name: string) => ({ parts: [secretRef(name)] });
