import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

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

/** A /28 from the pool: where the hash of the network's name points, or the next free one. */
export function allocateSubnet(network: string, taken: Readonly<Record<string, string>>, pool: string): string {
  const { base, count } = parsePool(pool);
  const remembered = taken[network];
  if (remembered && isWithin(remembered, base, count)) return remembered;
  const used = new Set(Object.entries(taken).flatMap(([name, subnet]) => (name === network ? [] : [subnet])));
  for (let step = 0; step < count; step++) {
    const index = (hashOf(network) + step) % count;
    const subnet = `${dotted(base + index * 16)}/28`;
    if (!used.has(subnet)) return subnet;
  }
  throw new Error(`the subnet pool ${pool} has no free /28 left; widen subnetPool`);
}

function parsePool(pool: string): { base: number; count: number } {
  const [address = "", bits = "16"] = pool.split("/");
  const mask = -1 << (32 - Number(bits));
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base: (value & mask) >>> 0, count: 2 ** (28 - Number(bits)) };
}

/** A subnet from before a change of the pool is not kept. */
function isWithin(subnet: string, base: number, count: number): boolean {
  const first = parsePool(subnet).base;
  return first >= base && first < base + count * 16;
}

const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");

const hashOf = (textToHash: string) => createHash("sha256").update(textToHash).digest().readUInt32BE(0);
