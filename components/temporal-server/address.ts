export const ports = { grpc: 7233, metrics: 9090, ui: 8233 };

/**
 * Past the resolver of gRPC for Go, which also asks for records that only a name server outside knows: in a network
 * without a way out it waits for those until it gives up.
 */
export const clientAddress = (host: string) => `passthrough:///${host}:${ports.grpc}`;

/** What the image of the server runs, for those who put something before it. */
export const startCommand = ["/etc/temporal/entrypoint.sh"] as const;
