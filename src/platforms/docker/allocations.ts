import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isWithin, meets, rangeOf } from "./subnets.ts";

/** Numbers that must stay the same from one `up` to the next: kept in `.groundplan/<env>/allocations.json`. */
export interface Allocations {
  /** `component.port` -> port on the developer's machine. */
  readonly ports: Readonly<Record<string, number>>;
  /** Network -> subnet. */
  readonly subnets: Readonly<Record<string, string>>;
}

const none: Allocations = { ports: {}, subnets: {} };
const blockSize = 100;
const firstBlock = 20_000;
const firstFreePort = 1024;
const lastPort = 65_535;
const blocks = 120; // 20000 to 31999: below the usual range of ephemeral ports

export function readAllocations(file: string): Allocations {
  try {
    return { ...none, ...(JSON.parse(readFileSync(file, "utf8")) as Partial<Allocations>) };
  } catch {
    return none;
  }
}

export function writeAllocations(file: string, allocations: Allocations): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(allocations, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

export interface PortRequest {
  /** `component.port`. */
  readonly key: string;
  /** The system's own well-known port. */
  readonly usual: number;
}

/**
 * The first copy of a stack publishes the usual ports; an isolated copy gets a block of its own, found by its name.
 * Configured ports win over remembered ones, remembered ones over new ones; no port is given twice.
 */
export function allocatePort(
  request: PortRequest,
  taken: Readonly<Record<string, number>>,
  configured: Readonly<Record<string, number>>,
  block: number | undefined,
): number {
  const fixed = configured[request.key];
  if (fixed !== undefined) return fixed;
  const remembered = taken[request.key];
  if (remembered !== undefined && !Object.values(configured).includes(remembered)) return remembered;
  const used = new Set([...Object.values(taken), ...Object.values(configured)]);
  let port = block ?? request.usual;
  while (used.has(port)) port = port < lastPort ? port + 1 : firstFreePort;
  return port;
}

/** First port of the block of an isolated copy; the first copy has none. */
export function portBlock(prefix: string, isolation: string): number | undefined {
  return isolation ? firstBlock + (hashOf(prefix) % blocks) * blockSize : undefined;
}

/** Five bits: 29 addresses for containers, so that a server of three nodes has room for its clients, probers and checks. */
const subnetBits = 27;
const subnetSize = 2 ** (32 - subnetBits);
/** Networks of a stack lie side by side, so that two copies rarely want the same subnet. */
const neighbours = 64;

/**
 * A /27 from the pool: in the stretch that belongs to the stack, where the hash of the network's name points, or the next
 * free one. A remembered subnet of another size is kept, and nothing is given that meets it.
 */
export function allocateSubnet(network: string, taken: Readonly<Record<string, string>>, pool: string, stack: string): string {
  const all = rangeOf(pool);
  const remembered = taken[network];
  if (remembered && isWithin(rangeOf(remembered), all)) return remembered;
  const used = Object.entries(taken).flatMap(([name, subnet]) => (name === network ? [] : [rangeOf(subnet)]));
  const count = (all.last - all.first + 1) / subnetSize;
  const stretch = Math.min(neighbours, count);
  const start = (hashOf(stack) % (count / stretch)) * stretch;
  for (let step = 0; step < count; step++) {
    const index = step < stretch ? start + ((hashOf(network) + step) % stretch) : (start + step) % count;
    const first = all.first + index * subnetSize;
    if (!used.some((range) => meets(range, { first, last: first + subnetSize - 1 }))) return `${dotted(first)}/${subnetBits}`;
  }
  throw new Error(`the subnet pool ${pool} has no free /${subnetBits} left; widen subnetPool`);
}

const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");

const hashOf = (textToHash: string) => createHash("sha256").update(textToHash).digest().readUInt32BE(0);
