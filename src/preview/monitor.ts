import type { Socket } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { CredentialValues } from "./fixtures.ts";
import { monitorService, nothingYet, type Recording } from "./monitor-service.ts";

export interface Monitor {
  readonly recording: Recording;
  /** Takes a connection of the program. */
  readonly accept: (connection: Socket) => void;
  readonly stop: () => void;
}

/** The engine's resource monitor, in this process: it keeps every request whole and makes nothing. */
export function startMonitor(project: string, stack: string, values?: CredentialValues): Monitor {
  const recording = nothingYet();
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(resourceGrpc.ResourceMonitorService, monitorService(recording, project, stack, values));
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  return { recording, accept: (connection) => connections.injectConnection(connection), stop: () => server.forceShutdown() };
}
