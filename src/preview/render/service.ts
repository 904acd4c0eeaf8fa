import { labelKeys } from "../../core/labels.ts";
import type { ContainerInputs, PlanContainer } from "../containers.ts";

export interface Keys {
  readonly networkKey: (name: string) => string;
  readonly volumeKey: (name: string) => string;
}

/** Inputs that only the provider needs: how it waits and what it does when it deletes. */
const providerOnly = new Set(["attach", "logs", "mustRun", "start", "wait", "waitTimeout", "destroyGraceSeconds", "image", "envs"]);

type Translate = (value: never, inputs: ContainerInputs, keys: Keys) => Record<string, unknown>;

const rename =
  (key: string) =>
  (value: unknown): Record<string, unknown> => ({ [key]: value });

/** Every container input that the library uses, as Compose says it. An input without a row is an error, never dropped. */
const rows: Readonly<Record<string, Translate>> = {
  name: rename("container_name"),
  command: rename("command"),
  entrypoints: rename("entrypoint"),
  user: rename("user"),
  init: rename("init"),
  readOnly: rename("read_only"),
  restart: rename("restart"),
  networkMode: rename("network_mode"),
  stopSignal: rename("stop_signal"),
  securityOpts: rename("security_opt"),
  cpus: (value: string) => ({ cpus: Number(value) }),
  memory: (value: number) => ({ mem_limit: `${value}m` }),
  memorySwap: (value: number) => ({ memswap_limit: `${value}m` }),
  shmSize: (value: number) => ({ shm_size: `${value}m` }),
  stopTimeout: (value: number) => ({ stop_grace_period: `${value}s` }),
  logDriver: (value: string, inputs) => ({ logging: { driver: value, options: inputs.logOpts } }),
  logOpts: () => ({}),
  capabilities: (value: { drops?: string[]; adds?: string[] }) => ({ cap_drop: value.drops ?? [], ...(value.adds ? { cap_add: value.adds } : {}) }),
  tmpfs: (value: Record<string, string>) => ({ tmpfs: Object.entries(value).map(([path, options]) => `${path}:${options}`) }),
  labels: (value: readonly { label: string; value: string }[]) => ({
    labels: Object.fromEntries(value.map(({ label, value: text }) => [label, label === labelKeys.engine ? "compose" : text])),
  }),
  healthcheck: (value: NonNullable<ContainerInputs["healthcheck"]>) => ({
    healthcheck: { test: value.tests, interval: value.interval, timeout: value.timeout, retries: value.retries, start_period: value.startPeriod },
  }),
  networksAdvanced: (value: NonNullable<ContainerInputs["networksAdvanced"]>, _, keys) => ({
    networks: Object.fromEntries(value.map(({ name, aliases }) => [keys.networkKey(name), aliases ? { aliases } : {}])),
  }),
  hosts: (value: NonNullable<ContainerInputs["hosts"]>) => ({ extra_hosts: value.map(({ host, ip }) => `${host}:${ip}`) }),
  ports: (value: NonNullable<ContainerInputs["ports"]>) =>
    value.length === 0
      ? {}
      : { ports: value.map(({ internal, external, ip, protocol }) => ({ target: internal, published: String(external), host_ip: ip, protocol })) },
  volumes: (value: NonNullable<ContainerInputs["volumes"]>, _, keys) =>
    value.length === 0
      ? {}
      : {
          volumes: value.map(({ volumeName, hostPath, containerPath, readOnly }) => ({
            ...(hostPath === undefined
              ? { type: "volume", source: keys.volumeKey(volumeName ?? "") }
              : { type: "bind", source: hostPath, bind: { create_host_path: false } }),
            target: containerPath,
            ...(readOnly ? { read_only: true } : {}),
          })),
        },
  // A carrier is never started by the engine; Compose fills it at creation, and it ends at once.
  uploads: (value: NonNullable<ContainerInputs["uploads"]>, inputs) => ({
    configs: value.map(({ file, permissions }, index) => ({
      source: `${inputs.name}-${index}`,
      target: file,
      mode: Number.parseInt(permissions, 8),
    })),
  }),
};

/** One container as a Compose service, without its image, environment and dependencies. */
export function service({ inputs, resource, role }: PlanContainer, keys: Keys): Record<string, unknown> {
  const unknown = Object.keys(inputs).filter((key) => !(key in rows) && !providerOnly.has(key) && !key.startsWith("__"));
  if (unknown.length > 0)
    throw new Error(`${resource.name}: a rendered Compose file cannot say ${unknown.join(", ")}; deploy it with the pulumi engine`);
  const parts = Object.entries(inputs).map(([key, value]) => rows[key]?.(value as never, inputs, keys) ?? {});
  // The one program that every container with an init process has, whatever its image: it tells its version and ends.
  const carrier = role === "files" ? { entrypoint: ["/sbin/docker-init", "--version"] } : {};
  return { ...Object.assign({}, ...parts), ...carrier };
}
