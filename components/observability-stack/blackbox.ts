import type { Observed } from "../../src/core/observed.ts";
import { filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import { http } from "../../src/core/probe.ts";
import type { WorkloadSpec } from "../../src/core/workload.ts";
import { isProbed } from "./catalogue/index.ts";
import { goEnv, partsOf, portNumbers, type StackModel, tlsOf } from "./part.ts";

type Health = NonNullable<Observed["health"]>;

/** What a probe of the core calls healthy: 200 to 399, the redirect itself and not what it leads to. */
const healthy = Array.from({ length: 200 }, (_, index) => 200 + index);
const ip = { preferred_ip_protocol: "ip4" };

/** blackbox.yaml; on one line, for the sake of the codes. */
const config = ({ mesh }: StackModel) =>
  `${JSON.stringify({
    modules: {
      http: {
        prober: "http",
        http: { ...ip, valid_status_codes: healthy, follow_redirects: false, ...(mesh ? { tls_config: tlsOf(mesh) } : {}) },
      },
      tcp: { prober: "tcp", tcp: { ...ip, ...(mesh ? { tls: true, tls_config: tlsOf(mesh) } : {}) } },
    },
  })}\n`;

/** Asks components without figures for their health, where there are any. */
export function blackbox(model: StackModel): WorkloadSpec | undefined {
  const { name, observes, sizes } = model;
  const probed = observes.filter(isProbed);
  if (probed.length === 0) return undefined;
  const resources = sizes.resources.exporter;
  return {
    ...tableContainer("blackbox-exporter", resources),
    ...tableServer("blackbox-exporter"),
    name: partsOf(name).blackbox,
    replicas: 1,
    identity: "any",
    env: goEnv(resources.memoryMiB),
    command: [`--config.file=${folder}/blackbox.yaml`, `--web.listen-address=:${portNumbers.blackbox}`, "--log.level=warn"],
    files: [{ path: `${folder}/blackbox.yaml`, content: config(model) }],
    volumes: [],
    ports: { metrics: { port: portNumbers.blackbox, protocol: "http", published: false } },
    probe: http("/-/healthy", { intervalSeconds: 10 }),
    bindings: probed.map(({ name: component, health }) => ({
      key: `PROBES_${component.replaceAll("-", "_").toUpperCase()}`,
      to: (health as Health).from,
      atOnce: true,
    })),
  };
}

/** What it is asked about a component: the module, and the target at a host. */
export function questionOf({ from, path }: Health, secured: boolean): { readonly module: string; readonly at: (host: string) => string } {
  const { port } = from.summary;
  const scheme = secured ? "https" : "http";
  return path === undefined
    ? { module: "tcp", at: (host) => `${host}:${port}` }
    : { module: "http", at: (host) => `${scheme}://${host}:${port}${path}` };
}
