import { quietly } from "../../core/quietly.ts";
import { later, sdkExports, standIn } from "./modules.ts";
import { type TransferProperties, whenRead } from "./outputs.ts";

/**
 * Loaded before the SDK's host in the process that is recorded, and in no other: what a recording does not use is neither
 * loaded nor made. What another version of the SDK does not have, or has otherwise, is left as it is. With
 * GROUNDPLAN_STACK_TRACES=1 the host runs without this.
 */

/** They turn functions into text, with the compiler and the reader of node_modules. The last one drives the engine from a program. */
later("./runtime/closure/serializeClosure.js", true);
for (const name of ["./typescript-shim.js", "@npmcli/arborist", "normalize-package-data", "./automation/index.js"]) later(name);

/** They send traces of the host to a collector. The host takes single functions and classes out of them as it starts. */
for (const name of ["resources", "sdk-trace-base", "exporter-zipkin", "instrumentation-grpc", "sdk-trace-node", "instrumentation"]) {
  later(`@opentelemetry/${name}`, true);
}

/** Looks every stack trace up in source maps; stripping types leaves lines where they are. */
standIn("source-map-support/register", () => ({}));

/** Takes a stack trace for each promise, to print it when one is left over and PULUMI_DEBUG_PROMISE_LEAKS is set. */
const debuggable = sdkExports<{ debuggablePromise: (promise: unknown, context: unknown) => unknown }>("./runtime/debuggable.js");
const { debuggablePromise } = debuggable;
if (debuggablePromise) debuggable.debuggablePromise = (promise, context) => quietly(() => debuggablePromise(promise, context));

const rpc = sdkExports<{ transferProperties: TransferProperties }>("./runtime/rpc.js");
const { transferProperties } = rpc;
if (transferProperties?.length === 3) rpc.transferProperties = whenRead(transferProperties);
