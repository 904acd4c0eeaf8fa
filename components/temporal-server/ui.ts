import { checkJob, tableContainer, tableServer } from "../../src/core/parts.ts";
import { http } from "../../src/core/probe.ts";
import type { Profile } from "../../src/core/profile.ts";
import type { JobSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { clientAddress, ports } from "./address.ts";

/** Its web UI, which reaches the server and nothing else. */
export const webUi = (name: string, profile: Profile, namespace: string): WorkloadSpec => ({
  ...tableContainer("temporal-ui", profile.resources.job),
  ...tableServer("temporal-ui"),
  name: `${name}-ui`,
  replicas: 1,
  identity: "any",
  env: {
    TEMPORAL_ADDRESS: clientAddress(name),
    TEMPORAL_UI_PORT: String(ports.ui),
    TEMPORAL_DEFAULT_NAMESPACE: namespace,
    TEMPORAL_CORS_ORIGINS: `http://localhost:${ports.ui}`,
    // It is reached over plain HTTP, on 127.0.0.1 or behind a gateway that ends TLS.
    TEMPORAL_CSRF_COOKIE_INSECURE: "true",
    TEMPORAL_DISABLE_NEWS_FETCH: "true",
  },
  files: [],
  volumes: [],
  ports: { http: { port: ports.ui, protocol: "http", published: profile.publishData } },
  probe: http("/healthz", { port: "http" }),
  reaches: [{ workload: name, port: "grpc" }],
});

/** The page itself, and what it asks the server through it. */
export function uiCheck(name: string, profile: Profile): JobSpec {
  const ui = `${name}-ui`;
  const get = (path: string) => `timeout 10 wget -q -O - http://${ui}:${ports.ui}${path}`;
  const script = `${get("/")} | grep -qi '<html' || { echo "the page does not load"; exit 1; }
${get("/api/v1/cluster-info")} | grep -q serverVersion || { echo "the UI does not reach the server"; exit 1; }
echo "the page loads, and the UI reaches the server"`;
  return {
    ...checkJob(name, tableContainer("toolbox", profile.resources.job), script),
    name: `${ui}-check`,
    title: "web UI",
    joins: ui,
    after: [ui],
    entrypoint: ["sh", "-c", script],
    files: [],
  };
}
