import { isIP } from "node:net";
import { container, handsOver, service, volume } from "../docker.ts";
import type { Breach, Policy } from "../model.ts";
import { below, isTrue, list, number, peek, records, shown, text } from "../read.ts";

const noHostAccess: Policy = {
  id: "docker-no-host-access",
  title: "Containers share no namespace and no device with the machine",
  severity: "critical",
  why: "A privileged container, or one in the machine's own network or process list, can take over the machine and all that runs on it.",
  fix: "Components never ask for it; on a raw container take out privileged, networkMode, pidMode, ipcMode, usernsMode and devices, and name the capability that is really needed.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.5", "CIS Docker 5.10", "CIS Docker 5.16", "CIS Docker 5.17", "CIS Docker 5.18", "CIS Docker 5.31"],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  check: function* ({ inputs }) {
    if (isTrue(inputs.privileged)) yield { path: "privileged", is: "is true: the container may do all that root of the machine may" };
    for (const path of ["networkMode", "pidMode", "ipcMode", "usernsMode"]) {
      if (text(inputs[path]) === "host") yield { path, is: `${shown("host")}: it is shared with the machine` };
    }
    if (list(inputs.devices).length > 0) yield { path: "devices", is: `${shown(inputs.devices)}: devices of the machine` };
  },
};

const mounts: Policy = {
  id: "docker-mounts",
  title: "Containers mount neither the engine's socket nor folders of the machine's system",
  severity: "critical",
  why: "The socket of the container engine is the same as root of the machine; so is a writable /etc. A shared propagation carries mounts of the container back to the machine.",
  fix: "Share only folders of the project (`mounts` of AppService); on a raw container take the folder out of volumes or mounts, or use a named volume, and leave out the propagation.",
  types: [container, service, volume],
  scope: "resource",
  references: ["CIS Docker 5.6", "CIS Docker 5.20", "CIS Docker 5.32"],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  check: function* ({ type, inputs }) {
    if (type === volume) {
      yield* mounted("driverOpts.device", below(inputs, "driverOpts.device"), false);
      return;
    }
    for (const [index, entry] of records(inputs.volumes)) {
      const { hostPath, readOnly } = entry;
      yield* mounted(`volumes[${index}].hostPath`, hostPath, isTrue(readOnly));
      // What the provider hands to the daemon is "name:path in the container": a name that is a path is a folder of the machine.
      // One that is not known yet comes from a volume, which is looked at itself.
      const volumeName = peek(entry, "volumeName");
      if (text(volumeName)?.startsWith("/")) yield* mounted(`volumes[${index}].volumeName`, volumeName, isTrue(readOnly));
    }
    const at = type === service ? "taskSpec.containerSpec.mounts" : "mounts";
    for (const [index, mount] of records(below(inputs, at))) {
      const propagation = text(below(mount, "bindOptions.propagation")) ?? "";
      if (/^r?shared$/.test(propagation)) {
        yield { path: `${at}[${index}].bindOptions.propagation`, is: `${shown(propagation)}: what the container mounts appears on the machine` };
      }
      if (text(mount.type) === "bind") yield* mounted(`${at}[${index}].source`, mount.source, isTrue(mount.readOnly));
    }
  },
};

function mounted(path: string, value: unknown, readOnly: boolean): Breach[] {
  const what = handsOver(text(value) ?? "", readOnly);
  return what === undefined || text(value) === "" ? [] : [{ path, is: `${shown(value)}, ${what}` }];
}

/** Ports of data systems and of pages that administer them, by their usual numbers. */
const dataPorts: Readonly<Record<number, string>> = {
  1433: "SQL Server",
  1521: "Oracle",
  2375: "the Docker daemon",
  2376: "the Docker daemon",
  2379: "etcd",
  3306: "MySQL",
  4222: "NATS",
  5432: "PostgreSQL",
  5601: "Kibana",
  5672: "RabbitMQ",
  6379: "Redis",
  7233: "Temporal",
  8222: "the monitor of NATS",
  9042: "Cassandra",
  9090: "Prometheus",
  9092: "Kafka",
  9093: "Alertmanager",
  9200: "Elasticsearch",
  11211: "Memcached",
  15672: "the management page of RabbitMQ",
  27017: "MongoDB",
};

const ports: Policy = {
  id: "docker-ports",
  title: "Ports are published on the loopback address, or deliberately on one address of the machine",
  severity: "high",
  why: "Docker opens a published port past the firewall of the machine: a database or an administration page on every interface is open to the whole network.",
  fix: "Components publish on 127.0.0.1 only; on a raw container set ports[].ip to 127.0.0.1 and put a ServiceMeshGateway in front of what the outside needs.",
  types: [container, service],
  scope: "resource",
  references: ["CIS Docker 5.8", "CIS Docker 5.9", "CIS Docker 5.14"],
  parameters: {
    lowestPort: {
      meaning: "lowest port of the machine that may be published to other machines; those below 1024 are left to its own services",
      default: { dev: 1024, staging: 1024, prod: 1024 },
      minimum: 1,
      maximum: 65_535,
    },
  },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: function* ({ type, inputs }, { parameter }) {
    const lowest = parameter("lowestPort");
    const tooLow = (path: string, port: number | undefined): Breach[] =>
      port !== undefined && port > 0 && port < lowest
        ? [{ path, is: `is ${port}, below ${lowest}, where other machines expect the machine's own services` }]
        : [];
    if (type === service) {
      for (const [index, { targetPort, publishedPort }] of records(below(inputs, "endpointSpec.ports"))) {
        const path = `endpointSpec.ports[${index}]`;
        yield { path, is: `is published by every machine of the swarm on all its interfaces${ofData(targetPort)}` };
        yield* tooLow(`${path}.publishedPort`, number(publishedPort));
      }
      return;
    }
    if (isTrue(inputs.publishAllPorts)) {
      yield { path: "publishAllPorts", is: "is true: every port that the image exposes is published on all interfaces" };
    }
    for (const [index, { ip, internal, external }] of records(inputs.ports)) {
      const address = text(ip) ?? "";
      const what = ofData(internal);
      if (isLoopback(address)) continue;
      if (isIP(address) === 0 || /^[0:.]+$/.test(address)) {
        yield { path: `ports[${index}].ip`, is: `${shown(ip)}: every network of the machine reaches it${what}` };
      } else if (what !== "") {
        yield { path: `ports[${index}].ip`, is: `${shown(address)}, which other machines reach${what}` };
      }
      yield* tooLow(`ports[${index}].external`, number(external));
    }
  },
};

function ofData(port: unknown): string {
  const system = dataPorts[number(port) ?? 0];
  return system === undefined ? "" : `; port ${number(port)} is that of ${system}`;
}

const isLoopback = (address: string) => /^127\.\d+\.\d+\.\d+$/.test(address) || address === "::1" || address === "localhost";

export const dockerPolicies: readonly Policy[] = [noHostAccess, mounts, ports];
