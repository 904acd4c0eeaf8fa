import { instanceMemoryMiB } from "../../../src/platforms/aws/instance-memory.ts";
import type { PostgresModel } from "../model.ts";

type Declared = Pick<PostgresModel, "maxConnections">;

/**
 * RDS by itself gives one connection for each 9531392 bytes of memory, 5000 at most; of the memory, what its own processes
 * take does not count, on small classes about a quarter. Undefined for a class of which nothing is known.
 */
function byMemory(type: string): number | undefined {
  const memory = instanceMemoryMiB(type);
  return memory === undefined ? undefined : Math.min(5000, (memory * 1024 ** 2) / 9_531_392);
}

const part = (of: number | undefined, share: number) => (of === undefined ? undefined : Math.floor(of * share));

/** Connections that clients may count on: as declared, or what is left on a small class. */
export const surelyTaken = ({ maxConnections }: Declared, type: string): number | undefined => maxConnections ?? part(byMemory(type), 0.75);

/** Nearly as many as there may be. */
export const manyConnections = ({ maxConnections }: Declared, type: string): number | undefined =>
  maxConnections === undefined ? part(byMemory(type), 0.65) : part(maxConnections, 0.85);
