import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { monitorService, nothingYet } from "../monitor-service.ts";
import type { RecordingReport } from "../program.ts";

/**
 * Loaded before the SDK's host where the command has nothing to answer: then the monitor is in the same process. It gets the
 * same requests, and they are not written to a connection and read again. What it heard goes to the command at the end. A
 * copy of the SDK that is not this one connects to the command all the same, which then records over connections.
 */

type Method = (call: { readonly request: unknown }, answered: (error: unknown, response?: unknown) => void) => void;

const argument = (name: string) => process.argv[process.argv.indexOf(name) + 1] ?? "";
const recording = nothingYet();
const report: RecordingReport = { type: "recording", recording };
const service = monitorService(recording, argument("--project"), argument("--stack")) as unknown as Readonly<Record<string, Method>>;

/** Everything is registered: the last that a program asks for. */
const handedOver: Method = (call, answered) =>
  service.signalAndWaitForShutdown?.(call, (...answer) => process.send?.(report, undefined, undefined, () => answered(...answer)));

/** The client that the SDK makes for itself connects when it is first used, so never. A callback is the last argument. */
const { prototype } = resourceGrpc.ResourceMonitorClient;
for (const [name, method] of Object.entries({ ...service, signalAndWaitForShutdown: handedOver })) {
  // Never answered before the call has returned, as over a connection.
  const call = (request: unknown, ...rest: unknown[]) => process.nextTick(method, { request }, rest.at(-1));
  Object.assign(prototype, { [name]: call });
}

/**
 * Values go from one end to the other without messages made of them in between; their keys are in the order of messages. Who
 * writes one to a connection gets its fields.
 */
const { Struct } = structProto;
const { fromJavaScript } = Struct;
Struct.fromJavaScript = (value) =>
  Object.assign(new Struct(), { toJavaScript: () => ordered(value), getFieldsMap: () => fromJavaScript(value).getFieldsMap() });

function ordered<V>(value: V): V {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered) as V;
  const entries = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(entries)
      .toSorted()
      .map((key) => [key, ordered(entries[key])]),
  ) as V;
}
