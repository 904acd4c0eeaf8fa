import { Connection } from "@temporalio/client";
import type { Route } from "../contract.ts";

/** Numbers of Temporal's API that are needed here. */
const rejectDuplicate = 3;
const failOnConflict = 1;

/** Codes of gRPC. */
export const codes = { alreadyExists: 6, invalidArgument: 3, outOfRange: 11, resourceExhausted: 8 } as const;

export interface Start {
  readonly route: Route;
  readonly workflowId: string;
  /** The same for repeated tries of one delivery: a try whose answer was lost is then no duplicate. */
  readonly requestId: string;
  readonly argument: unknown;
  readonly trace: Readonly<Record<string, string>>;
}

export interface Temporal {
  /** Starts a workflow and answers its run id. */
  start(start: Start): Promise<string>;
  /** Resolves when the namespace answers. */
  check(): Promise<void>;
  readonly connection: Connection;
  readonly namespace: string;
}

const startMs = 10_000;
const checkMs = 2000;

/** JSON as Temporal's default converters write it. */
export const jsonPayload = (value: unknown) => ({
  metadata: { encoding: Buffer.from("json/plain") },
  data: Buffer.from(JSON.stringify(value)),
});

/** Connects when it is first asked, and again whenever the server went away. */
export function openTemporal(address: string, namespace: string): Temporal {
  const connection = Connection.lazy({
    address,
    // No repeating inside the client: how often and how long is decided by the bridge.
    interceptors: [],
    connectTimeout: startMs,
    channelArgs: {
      // Records of name servers outside: in a network without a way out, asking for them takes until it is given up.
      "grpc.service_config_disable_resolution": 1,
      "grpc.max_reconnect_backoff_ms": 3000,
      "grpc.dns_min_time_between_resolutions_ms": 1000,
      "grpc.keepalive_time_ms": 30_000,
      "grpc.keepalive_timeout_ms": 10_000,
    },
  });
  const service = connection.workflowService;
  const within = <T>(ms: number, call: () => Promise<T>) => connection.withDeadline(Date.now() + ms, call);
  return {
    connection,
    namespace,
    async start({ route, workflowId, requestId, argument, trace }) {
      const { runId } = await within(startMs, () =>
        service.startWorkflowExecution({
          namespace,
          workflowId,
          requestId,
          identity: "nats-temporal-bridge",
          workflowType: { name: route.workflow },
          taskQueue: { name: route.taskQueue },
          input: { payloads: [jsonPayload(argument)] },
          header: { fields: { "_tracer-data": jsonPayload(trace) } },
          workflowIdReusePolicy: rejectDuplicate,
          workflowIdConflictPolicy: failOnConflict,
          // A plain number is taken, whatever the types say.
          ...(route.executionTimeoutSeconds ? { workflowExecutionTimeout: { seconds: route.executionTimeoutSeconds as never } } : {}),
        }),
      );
      return runId;
    },
    async check() {
      await within(checkMs, () => service.describeNamespace({ namespace }));
    },
  };
}
