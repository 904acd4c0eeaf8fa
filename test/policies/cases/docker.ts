import { type PolicyCases, resource } from "../cases.ts";

const container = (inputs: Record<string, unknown>) => [resource("docker:index/container:Container", "web", { image: "acme/web:1.0.0", ...inputs })];
const port = (more: Record<string, unknown>) => container({ ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1", ...more }] });
const volume = (driverOpts: Record<string, unknown>) =>
  resource("docker:index/volume:Volume", "share", { name: "share", driver: "local", driverOpts });

export const dockerCases: Readonly<Record<string, PolicyCases>> = {
  "docker-no-host-access": {
    compliant: [
      {
        title: "a container of its own",
        resources: container({ privileged: false, networkMode: "bridge", pidMode: "", ipcMode: "", usernsMode: "", devices: [] }),
      },
    ],
    violating: [
      { title: "a privileged container", resources: container({ privileged: true }), finds: ["web: privileged"] },
      { title: "the machine's network", resources: container({ networkMode: "host" }), finds: ["web: networkMode"] },
      {
        title: "the machine's processes and users",
        resources: container({ pidMode: "host", ipcMode: "host", usernsMode: "host" }),
        finds: ["web: pidMode", "web: ipcMode", "web: usernsMode"],
      },
      { title: "a device", resources: container({ devices: [{ hostPath: "/dev/sda" }] }), finds: ["web: devices"] },
    ],
    reads: { "web: privileged": [], "web: networkMode": [], "web: pidMode": [], "web: ipcMode": [], "web: usernsMode": [], "web: devices": [] },
  },
  "docker-mounts": {
    compliant: [
      {
        title: "a named volume and a folder of the project",
        resources: container({
          volumes: [
            { volumeName: "web-data", containerPath: "/data" },
            { hostPath: "/home/dev/shop/config", containerPath: "/config", readOnly: true },
          ],
          mounts: [{ type: "bind", source: "/srv/shop", target: "/shop", readOnly: true, bindOptions: { propagation: "rprivate" } }],
        }),
      },
      {
        title: "the clock of the machine, read-only",
        resources: container({ volumes: [{ hostPath: "/etc/localtime", containerPath: "/etc/localtime", readOnly: true }] }),
      },
      { title: "a volume on another machine", resources: [volume({ type: "nfs", device: ":/exports/shop", o: "addr=10.0.0.5" })] },
    ],
    violating: [
      {
        title: "the socket of the daemon",
        resources: container({ volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock", readOnly: true }] }),
        finds: ["web: volumes[0].hostPath"],
      },
      {
        title: "the socket of the daemon as the name of a volume",
        resources: container({ volumes: [{ volumeName: "/var/run/docker.sock", containerPath: "/var/run/docker.sock" }] }),
        finds: ["web: volumes[0].volumeName"],
      },
      {
        title: "folders of the system, however they are written",
        resources: container({
          volumes: [
            { hostPath: "/etc/", containerPath: "/host/etc" },
            { hostPath: "/srv/../proc", containerPath: "/host/proc" },
            { hostPath: "/", containerPath: "/host" },
            { hostPath: "/var/lib/docker/volumes", containerPath: "/volumes", readOnly: true },
            { hostPath: "/etc/localtime", containerPath: "/etc/localtime" },
          ],
        }),
        finds: [0, 1, 2, 3, 4].map((index) => `web: volumes[${index}].hostPath`),
      },
      {
        title: "a bind with shared propagation",
        resources: container({ mounts: [{ type: "bind", source: "/srv", target: "/srv", bindOptions: { propagation: "rshared" } }] }),
        finds: ["web: mounts[0].bindOptions.propagation"],
      },
      {
        title: "a folder of the system as a mount",
        resources: container({ mounts: [{ type: "bind", source: "/sys", target: "/host/sys", readOnly: true }] }),
        finds: ["web: mounts[0].source"],
      },
      {
        title: "the socket of the daemon in a service of a swarm",
        resources: [
          resource("docker:index/service:Service", "agent", {
            taskSpec: {
              containerSpec: {
                mounts: [
                  { type: "volume", source: "data", target: "/data" },
                  { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock", bindOptions: { propagation: "rshared" } },
                ],
              },
            },
          }),
        ],
        finds: ["agent: taskSpec.containerSpec.mounts[1].source", "agent: taskSpec.containerSpec.mounts[1].bindOptions.propagation"],
      },
      {
        title: "a named volume that is a folder of the system",
        resources: [volume({ type: "none", o: "bind", device: "/etc" })],
        finds: ["share: driverOpts.device"],
      },
    ],
    reads: {
      "web: volumes": [],
      "web: volumes[0].volumeName": [],
      "web: volumes[1].hostPath": [],
      "web: volumes[1].readOnly": [],
      "web: mounts": [],
      "web: mounts[0].type": [],
      "web: mounts[0].source": [],
      "web: mounts[0].readOnly": [],
      "web: mounts[0].bindOptions.propagation": [],
    },
    enoughUnknown: ["web: volumes[0].volumeName"],
  },
  "docker-ports": {
    compliant: [
      { title: "a port on the loopback address", resources: port({}) },
      { title: "a low port on the loopback address", resources: port({ external: 80 }) },
      { title: "a web port on one address of the machine, of the lowest number", resources: port({ ip: "10.0.0.5", external: 1024 }) },
      { title: "a port that Docker chooses, on the loopback address of IPv6", resources: port({ ip: "::1", external: undefined }) },
    ],
    violating: [
      {
        title: "a port without an address",
        resources: container({ ports: [{ internal: 8080, external: 80 }] }),
        finds: ["web: ports[0].ip", "web: ports[0].external"],
      },
      { title: "a database on every interface", resources: port({ internal: 5432, external: 5432, ip: "0.0.0.0" }), finds: ["web: ports[0].ip"] },
      { title: "every interface, of IPv6", resources: port({ ip: "::" }), finds: ["web: ports[0].ip"] },
      { title: "a database on an address of the machine", resources: port({ internal: 6379, ip: "10.0.0.5" }), finds: ["web: ports[0].ip"] },
      { title: "a port just too low", resources: port({ ip: "10.0.0.5", external: 1023 }), finds: ["web: ports[0].external"] },
      {
        title: "a service of a swarm, which answers on every address of every machine",
        resources: [
          resource("docker:index/service:Service", "web", {
            endpointSpec: { ports: [{ targetPort: 5432 }, { targetPort: 8080, publishedPort: 80, publishMode: "host" }] },
          }),
        ],
        finds: ["web: endpointSpec.ports[0]", "web: endpointSpec.ports[1]", "web: endpointSpec.ports[1].publishedPort"],
      },
      { title: "all ports of the image", resources: container({ publishAllPorts: true }), finds: ["web: publishAllPorts"] },
    ],
    reads: { "web: ports": [], "web: ports[0].ip": ["web: ports[0].ip"] },
  },
};
