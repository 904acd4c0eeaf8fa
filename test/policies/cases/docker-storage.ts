import { type PolicyCases, resource } from "../cases.ts";

type Inputs = Record<string, unknown>;
const named = (name: string, inputs: Inputs, from = {}) =>
  resource("docker:index/container:Container", name, { image: "acme/web:1.0.0", ...inputs }, { from });
const container = (inputs: Inputs) => [named("web", inputs)];
const network = (inputs: Inputs) => resource("docker:index/network:Network", "shop", { name: "shop", driver: "bridge", ...inputs });
const postgres = (inputs: Inputs, more: Inputs = {}) => {
  const shop = network(inputs);
  return [named("db", { image: "postgres:16.9", networksAdvanced: [{ name: "shop" }], ...more }, { networksAdvanced: [shop] }), shop];
};
const volume = (protect: boolean, inputs: Inputs = {}) => [
  resource("docker:index/volume:Volume", "data", { name: "shop-data", ...inputs }, { protect }),
];
const pulled = resource("docker:index/remoteImage:RemoteImage", "db-image", { name: "docker.io/library/postgres:16.9@sha256:0123" });

export const dockerStorageCases: Readonly<Record<string, PolicyCases>> = {
  "docker-own-network": {
    compliant: [
      { title: "a network of its own", resources: container({ networksAdvanced: [{ name: "shop" }], networkMode: "bridge" }) },
      { title: "no network at all", resources: container({ networkMode: "none" }) },
    ],
    violating: [
      { title: "no network named", resources: container({}), finds: ["web: networkMode"] },
      { title: "the default bridge", resources: container({ networkMode: "bridge" }), finds: ["web: networkMode"] },
      {
        title: "the default bridge by its name",
        resources: container({ networksAdvanced: [{ name: "bridge" }] }),
        finds: ["web: networksAdvanced[0].name"],
      },
    ],
    reads: { "web: networksAdvanced": ["web: networkMode"], "web: networksAdvanced[0].name": [] },
  },
  "docker-internal-network": {
    compliant: [
      { title: "a database on an internal network", resources: postgres({ internal: true }) },
      {
        title: "a network that publishes and translates no address",
        resources: postgres({ options: { "com.docker.network.bridge.enable_ip_masquerade": "false" } }),
      },
      { title: "a server that is no data system", resources: [named("web", {}, { networksAdvanced: [network({})] }), network({})] },
      { title: "a job", resources: postgres({}, { mustRun: false }) },
    ],
    violating: [
      { title: "a database on an open network", resources: postgres({}), finds: ["shop: internal"] },
      {
        title: "a network by its name",
        resources: [named("db", { image: "valkey/valkey:8.1", networksAdvanced: [{ name: "shop" }] }), network({})],
        finds: ["shop: internal"],
      },
      {
        title: "an image that is pulled by itself",
        resources: [named("db", { image: "sha256:4af6fe3f" }, { image: [pulled], networksAdvanced: [network({})] }), network({}), pulled],
        finds: ["shop: internal"],
      },
    ],
    reads: { "shop: internal": ["shop: internal"] },
  },
  "docker-named-volumes": {
    compliant: [
      {
        title: "a volume with a name",
        resources: container({
          volumes: [{ volumeName: "shop-data", containerPath: "/data" }],
          mounts: [{ type: "volume", source: "shop-logs", target: "/logs" }],
        }),
      },
      {
        title: "folders and memory",
        resources: container({ volumes: [{ hostPath: "/srv/shop", containerPath: "/shop" }], mounts: [{ type: "tmpfs", target: "/tmp" }] }),
      },
      { title: "a cache without a volume", resources: container({ image: "redis:7.4.2" }) },
    ],
    violating: [
      {
        title: "a volume without a name",
        resources: container({ volumes: [{ containerPath: "/var/lib/postgresql/data" }] }),
        finds: ["web: volumes[0].volumeName"],
      },
      {
        title: "a mount without a source",
        resources: container({ mounts: [{ type: "volume", target: "/data" }] }),
        finds: ["web: mounts[0].source"],
      },
      { title: "a database without a volume", resources: container({ image: "docker.io/library/mysql:8.4" }), finds: ["web: volumes"] },
    ],
    reads: {
      "web: volumes": [],
      "web: volumes[0].volumeName": ["web: volumes[0].volumeName"],
      "web: mounts": [],
      "web: mounts[0].type": [],
      "web: mounts[0].source": ["web: mounts[0].source"],
    },
    enoughUnknown: ["web: volumes[0].volumeName"],
  },
  "docker-volume-protected": {
    compliant: [
      { title: "files that are written anew", resources: volume(false, { labels: [{ label: "io.groundplan.role", value: "files" }] }) },
      { title: "a protected volume", resources: volume(true) },
    ],
    violating: [
      { title: "an unprotected volume", resources: volume(false), finds: ["data: "] },
      {
        title: "unprotected data of the library",
        resources: volume(false, { labels: [{ label: "io.groundplan.role", value: "data" }] }),
        finds: ["data: "],
      },
    ],
    reads: { "data: labels": ["data: "], "data: labels[0].label": ["data: "], "data: labels[0].value": ["data: "] },
  },
};
