import { type PolicyCases, resource } from "../cases.ts";

const named = (name: string, inputs: Record<string, unknown>, from = {}) =>
  resource("docker:index/container:Container", name, { image: "acme/web:1.0.0", name, ...inputs }, { from });
const container = (inputs: Record<string, unknown>) => [named("web", inputs)];
const limited = { memory: 256, memorySwap: 256, logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" } };
const network = resource("docker:index/network:Network", "shop", { name: "shop", internal: true });
const onShop = { networksAdvanced: [network] };
const aliased = { networksAdvanced: [{ name: "shop", aliases: ["web"] }] };
const asking = { tests: ["CMD", "wget", "-q", "-O", "-", "http://web:8080/health"] };
const prober = named("web-prober", { networksAdvanced: [{ name: "shop" }], healthcheck: asking }, onShop);

export const dockerRunningCases: Readonly<Record<string, PolicyCases>> = {
  "docker-limits": {
    compliant: [
      { title: "memory and log limited", resources: container(limited) },
      { title: "a driver that turns its files over", resources: container({ memory: 256, logDriver: "local" }) },
      { title: "logs that leave the machine", resources: container({ memory: 256, logDriver: "fluentd", logOpts: { tag: "web" } }) },
    ],
    violating: [
      { title: "no limits", resources: container({}), finds: ["web: memory", "web: logOpts.max-size"] },
      { title: "memory without end", resources: container({ ...limited, memory: 0, memorySwap: -1 }), finds: ["web: memory", "web: memorySwap"] },
      { title: "a log without end", resources: container({ ...limited, logOpts: { mode: "non-blocking" } }), finds: ["web: logOpts.max-size"] },
    ],
    reads: {
      "web: memory": ["web: memory"],
      "web: memorySwap": [],
      "web: logDriver": [],
      "web: logOpts": ["web: logOpts.max-size"],
      "web: logOpts.max-size": ["web: logOpts.max-size"],
    },
  },
  "docker-cpu-limit": {
    compliant: [
      { title: "half a processor", resources: container({ cpus: "0.5" }) },
      { title: "a share", resources: container({ cpuShares: 512 }) },
      { title: "a quota", resources: container({ cpuPeriod: 100_000, cpuQuota: 50_000 }) },
      { title: "processors by number", resources: container({ cpuSet: "0,1" }) },
      { title: "a job that ends", resources: container({ mustRun: false, restart: "no" }) },
    ],
    violating: [
      { title: "no limit", resources: container({}), finds: ["web: cpus"] },
      { title: "shares that are none", resources: container({ cpuShares: 0 }), finds: ["web: cpus"] },
    ],
    reads: { "web: cpus": ["web: cpus"] },
  },
  "docker-restart": {
    compliant: [
      { title: "until it is stopped", resources: container({ restart: "unless-stopped" }) },
      { title: "after failures", resources: container({ restart: "on-failure", maxRetryCount: 5 }) },
      { title: "a job", resources: container({ restart: "no", mustRun: false }) },
      { title: "one that never starts", resources: container({ start: false }) },
    ],
    violating: [
      { title: "for ever", resources: container({ restart: "always" }), finds: ["web: restart"] },
      { title: "nothing said", resources: container({}), finds: ["web: restart"] },
      { title: "a server that stays down", resources: container({ restart: "no" }), finds: ["web: restart"] },
      { title: "a job for ever", resources: container({ restart: "always", mustRun: false }), finds: ["web: restart"] },
    ],
    reads: { "web: restart": ["web: restart"] },
  },
  "docker-health": {
    compliant: [
      {
        title: "a server that tells its health",
        resources: container({ ...aliased, ports: [{ internal: 8080 }], healthcheck: { tests: ["CMD", "/web", "ready"] } }),
      },
      { title: "a server that another container asks", resources: [network, named("web", { ...aliased, name: undefined }, onShop), prober] },
      { title: "a worker that nobody calls", resources: container({ networksAdvanced: [{ name: "shop" }], ports: [] }) },
      { title: "a job", resources: container({ ...aliased, mustRun: false }) },
    ],
    violating: [
      {
        title: "a published port without a check",
        resources: container({ ports: [{ internal: 5432, external: 5432 }] }),
        finds: ["web: healthcheck.tests"],
      },
      { title: "every port without a check", resources: container({ publishAllPorts: true }), finds: ["web: healthcheck.tests"] },
      {
        title: "a check that is switched off",
        resources: container({ ...aliased, healthcheck: { tests: ["NONE"] } }),
        finds: ["web: healthcheck.tests"],
      },
      {
        title: "a server that another one takes the name of",
        resources: [named("web", {}), named("shop", { envs: ["WEB=http://web:8080"] }, { envs: [named("web", {})] })],
        finds: ["web: healthcheck.tests"],
      },
      {
        title: "a prober on another network, and one that asks another server",
        resources: [
          network,
          named("web", aliased, onShop),
          named("far-prober", { healthcheck: asking }),
          named("other-prober", { networksAdvanced: [{ name: "shop" }], healthcheck: { tests: ["CMD", "nc", "-z", "web-2", "8080"] } }, onShop),
        ],
        finds: ["web: healthcheck.tests"],
      },
    ],
    reads: { "web: healthcheck": ["web: healthcheck.tests"], "web: healthcheck.tests": ["web: healthcheck.tests"] },
  },
};
