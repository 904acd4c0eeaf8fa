import { posix } from "node:path";
import type { Resource, Stack } from "./model.ts";
import { below, list, record, records, text } from "./read.ts";

/** Resource types and the reading of containers that several Docker policies share. */

export const container = "docker:index/container:Container";
/** Containers of a swarm. */
export const service = "docker:index/service:Service";
export const volume = "docker:index/volume:Volume";
export const network = "docker:index/network:Network";
export const remoteImage = "docker:index/remoteImage:RemoteImage";
export const builtImage = "docker:index/image:Image";
/** By the provider for BuildKit. */
export const buildKitImage = "docker-build:index:Image";
export const buildKitIndex = "docker-build:index:Index";

type Inputs = Resource["inputs"];

const isFalse = (value: unknown) => value === false || value === "false";

/** Not a job, which ends, and not one that only carries files and never starts: by default a container is there to stay. */
export const staysUp = ({ mustRun, start }: Inputs): boolean => !isFalse(mustRun) && !isFalse(start);

/** Capabilities without the prefix that Docker takes or leaves. */
export const capabilities = (inputs: Inputs, which: "adds" | "drops"): readonly (readonly [index: number, name: string])[] =>
  list(below(inputs, `capabilities.${which}`)).map((name, index) => [index, (text(name) ?? "").toUpperCase().replace(/^CAP_/, "")] as const);

export const dropsAll = (inputs: Inputs): boolean => capabilities(inputs, "drops").some(([, name]) => name === "ALL");

/** A job without a network and without capabilities: what is left to root is a folder that is mounted. */
export const sealedJob = (inputs: Inputs): boolean => text(inputs.networkMode) === "none" && dropsAll(inputs) && !staysUp(inputs);

export const labelOf = (inputs: Inputs, key: string): string | undefined =>
  text(records(inputs.labels).find(([, { label }]) => label === key)?.[1].value);

/** Folders of the machine with what runs it, by the path that a container mounts. */
const systemFolders = ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr", "/var/run"];
const daemonFolders = ["/var/lib/docker", "/var/lib/containerd", "/var/lib/containers", "/var/lib/kubelet"];
/** Of these nobody learns or changes anything when they are read-only. */
const harmless = ["/etc/localtime", "/etc/timezone", "/etc/ssl/certs", "/usr/share/zoneinfo", "/usr/share/ca-certificates"];

/** What a folder or socket of the machine would hand over; undefined when it is nothing of the system. */
export function handsOver(hostPath: string, readOnly: boolean): string | undefined {
  const path = posix.normalize(hostPath).replace(/(.)\/$/, "$1");
  const within = (folders: readonly string[]) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  if (/\/(docker|containerd|crio|podman)\.sock$/.test(path)) return "the socket of the container engine: whoever has it is root of the machine";
  if (path === "/" || path === "/var" || path === "/var/lib") return "the whole system of the machine";
  if (within(daemonFolders)) return "the data of all other containers";
  if (readOnly && within(harmless)) return undefined;
  return within(systemFolders) ? "a folder of the machine's own system" : undefined;
}

const dataSystems =
  /^(cassandra|clickhouse(-server)?|cockroach|couchdb|elasticmq(-native)?|elasticsearch|etcd|immudb|influxdb|kafka|mariadb|memcached|minio|mongo(db)?|mysql(-server)?|nats|neo4j|opensearch|percona|postgis|postgres(ql)?|rabbitmq|redis|rqlite|scylla|timescaledb|valkey|zookeeper)$/;

/** The data system that an image holds, by the last part of its name: `docker.io/library/postgres:16` is `postgres`. */
export function dataSystem(image: string): string | undefined {
  const name = image.replace(/@.*$/, "").split("/").at(-1)?.replace(/:.*$/, "") ?? "";
  return dataSystems.test(name) ? name : undefined;
}

/** The name of a container's image, also when the container takes its id from an image resource. */
export function imageOf(stack: Stack, of: Resource): string {
  const [source] = stack.referred(of, [remoteImage, builtImage], "image");
  return text(source?.inputs.name) ?? text(source?.inputs.imageName) ?? text(of.inputs.image) ?? "";
}

/** Names by which others on its networks reach a container. */
export const hostNames = (inputs: Inputs): readonly string[] =>
  [inputs.name, inputs.hostname, ...records(inputs.networksAdvanced).flatMap(([, { aliases }]) => list(aliases))].flatMap((name) => text(name) || []);

/** The networks of a container that the stack makes, by where the program takes them from or by their names. */
export function networksOf(stack: Stack, of: Resource): readonly Resource[] {
  const named = records(of.inputs.networksAdvanced).map(([, { name }]) => name);
  const referred = stack.referred(of, [network], "networksAdvanced");
  return stack.ofType(network).filter((one) => referred.includes(one) || (named.length > 0 && named.includes(one.inputs.name)));
}

/** A network from which nothing gets out: internal, or a bridge that translates no address. */
export const isClosed = ({ internal, options }: Inputs): boolean =>
  internal === true || internal === "true" || text(record(options)["com.docker.network.bridge.enable_ip_masquerade"]) === "false";
