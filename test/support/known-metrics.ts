import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "fixtures", "metrics");

/** Files of metric names by the class that has them; the first line of each says where they are from. */
const files: Readonly<Record<string, readonly string[]>> = {
  PostgresDb: ["postgres"],
  RedisCache: ["redis"],
  NatsCluster: ["nats"],
  MessageQueue: ["blackbox"],
  TemporalServer: ["temporal", "temporal-source"],
  OpaServer: ["opa", "opa-source"],
  AppService: ["service"],
  NatsTemporalBridge: ["bridge", "service"],
  ServiceMeshGateway: ["nginx", "mesh"],
  Mesh: ["mesh"],
  ObservabilityStack: ["prometheus", "alertmanager", "loki", "loki-source", "collector", "collector-source", "tempo"],
  SomethingElse: [],
};

/** Names of the series that components of a class can have. */
export function knownMetrics(kind: string): ReadonlySet<string> {
  const of = files[kind];
  if (!of) throw new Error(`no file of metric names for ${kind}: add one to test/fixtures/metrics`);
  return new Set(["always", ...of].flatMap(namesIn));
}

function namesIn(file: string): string[] {
  const [source = "", ...lines] = readFileSync(join(folder, `${file}.txt`), "utf8")
    .trim()
    .split("\n");
  if (!/^# (captured|from source|from documentation|contract): /.test(source)) throw new Error(`${file}.txt does not say where its names are from`);
  return lines.flatMap((line) => {
    const [name = "", type] = line.split(" ");
    return type === "histogram" ? ["_bucket", "_count", "_sum"].map((part) => name + part) : [name];
  });
}
