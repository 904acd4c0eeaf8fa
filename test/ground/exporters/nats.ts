import { type Sample, sample } from "./exposition.ts";

type Json = Readonly<Record<string, unknown>>;

const known = new Set(["-varz", "-connz", "-routez", "-subz", "-healthz", "-jsz=all", "-port=7777"]);

async function ask(url: string): Promise<Json> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return (await response.json()) as Json;
}

/** Each argument behind the flags is `<id>,<url>`, or a URL alone. */
export async function natsSamples(args: readonly string[]): Promise<Sample[]> {
  const strange = args.filter((arg) => arg.startsWith("-") && !known.has(arg));
  if (strange.length > 0) throw new Error(`flags that this stand-in does not know: ${strange.join(" ")}`);
  const servers = args
    .filter((arg) => !arg.startsWith("-"))
    .map((arg) => {
      const comma = arg.indexOf(",");
      return comma < 0 ? { id: arg, url: arg } : { id: arg.slice(0, comma), url: arg.slice(comma + 1) };
    });
  const found = await Promise.allSettled(servers.map(({ id, url }) => serverSamples(id, url)));
  return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
}

async function serverSamples(id: string, url: string): Promise<Sample[]> {
  const [varz, connz, routez, subz, healthz, jsz] = await Promise.all([
    ask(`${url}/varz`),
    ask(`${url}/connz`),
    ask(`${url}/routez`),
    ask(`${url}/subsz`),
    ask(`${url}/healthz`),
    ask(`${url}/jsz?consumers=true&config=true&raft=true&accounts=true`),
  ]);
  return [
    ...flat("gnatsd_varz", varz, id),
    ...flat("gnatsd_connz", connz, id),
    ...flat("gnatsd_routez", routez, id),
    ...flat("gnatsd_subz", subz, id),
    sample("gnatsd_healthz_status", healthz.status === "ok" ? 0 : 1, { server_id: id }),
    ...jetstream(id, String(varz.server_name ?? id), jsz),
  ];
}

/** Every number of an answer, below its path. */
function flat(prefix: string, answer: Json, id: string): Sample[] {
  return Object.entries(answer).flatMap(([key, value]): Sample[] => {
    // Counts of requests by path.
    if (!/^\w+$/.test(key)) return [];
    if (typeof value === "number") return [sample(`${prefix}_${key.toLowerCase()}`, value, { server_id: id })];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return flat(`${prefix}_${key.toLowerCase()}`, value as Json, id);
    return [];
  });
}

const record = (value: unknown) => (typeof value === "object" && value !== null ? value : {}) as Json;
const list = (value: unknown) => (Array.isArray(value) ? value : []) as Json[];

function jetstream(id: string, serverName: string, jsz: Json): Sample[] {
  const config = record(jsz.config);
  const meta = record(jsz.meta_cluster);
  const leader = meta.leader === undefined || meta.leader === serverName;
  const cluster = String(meta.name ?? "");
  const server = {
    server_id: id,
    server_name: serverName,
    cluster,
    domain: "",
    meta_leader: String(meta.leader ?? ""),
    is_meta_leader: String(leader),
  };
  return [
    sample("jetstream_server_jetstream_disabled", jsz.disabled === true ? 1 : 0, server),
    sample("jetstream_server_total_streams", jsz.streams, server),
    sample("jetstream_server_total_consumers", jsz.consumers, server),
    sample("jetstream_server_total_messages", jsz.messages, server),
    sample("jetstream_server_total_message_bytes", jsz.bytes, server),
    sample("jetstream_server_max_memory", config.max_memory, server),
    sample("jetstream_server_max_storage", config.max_storage, server),
    ...list(jsz.account_details).flatMap((account) =>
      list(account.stream_detail).flatMap((stream) =>
        streamSamples({ ...server, account: String(account.name), account_id: String(account.id) }, stream),
      ),
    ),
  ];
}

function streamSamples(around: Readonly<Record<string, string>>, stream: Json): Sample[] {
  const state = record(stream.state);
  const config = record(stream.config);
  const leader = record(stream.cluster).leader;
  const labels = {
    ...around,
    stream_name: String(stream.name),
    stream_leader: String(leader ?? ""),
    is_stream_leader: String(leader === undefined || leader === around.server_name),
    stream_raft_group: "",
  };
  return [
    sample("jetstream_stream_total_messages", state.messages, labels),
    sample("jetstream_stream_total_bytes", state.bytes, labels),
    sample("jetstream_stream_limit_messages", config.max_msgs, labels),
    sample("jetstream_stream_limit_bytes", config.max_bytes, labels),
    sample("jetstream_stream_first_seq", state.first_seq, labels),
    sample("jetstream_stream_last_seq", state.last_seq, labels),
    sample("jetstream_stream_consumer_count", state.consumer_count, labels),
    sample("jetstream_stream_subject_count", state.num_subjects, labels),
    ...list(stream.consumer_detail).flatMap((consumer) => consumerSamples(labels, consumer)),
  ];
}

function consumerSamples(around: Readonly<Record<string, string>>, consumer: Json): Sample[] {
  const leader = record(consumer.cluster).leader;
  const labels = {
    ...around,
    consumer_name: String(consumer.name),
    consumer_leader: String(leader ?? ""),
    is_consumer_leader: String(leader === undefined || leader === around.server_name),
    consumer_desc: String(record(consumer.config).description ?? ""),
  };
  const [delivered, floor] = [record(consumer.delivered), record(consumer.ack_floor)];
  return [
    sample("jetstream_consumer_delivered_consumer_seq", delivered.consumer_seq, labels),
    sample("jetstream_consumer_delivered_stream_seq", delivered.stream_seq, labels),
    sample("jetstream_consumer_num_ack_pending", consumer.num_ack_pending, labels),
    sample("jetstream_consumer_num_redelivered", consumer.num_redelivered, labels),
    sample("jetstream_consumer_num_waiting", consumer.num_waiting, labels),
    sample("jetstream_consumer_num_pending", consumer.num_pending, labels),
    sample("jetstream_consumer_ack_floor_stream_seq", floor.stream_seq, labels),
    sample("jetstream_consumer_ack_floor_consumer_seq", floor.consumer_seq, labels),
  ];
}
