/** Blocks of one network, by tier and zone. */
export interface SubnetBlocks {
  readonly public: readonly string[];
  readonly private: readonly string[];
  readonly data: readonly string[];
}

/**
 * Cuts a network into three tiers. The first quarter holds the small tiers, four blocks of public subnets and four for
 * data; each of the other quarters is the private subnet of one zone. A zone's blocks do not depend on how many zones
 * there are, so that a third one can join: 10.20.0.0/16 gives 10.20.0.0/21, 10.20.64.0/18 and 10.20.32.0/21.
 */
export function subnetBlocks(cidr: string, zones: number): SubnetBlocks {
  const { base, bits } = parseCidr(cidr);
  const indexes = Array.from({ length: zones }, (_, index) => index);
  const block = (start: number, size: number) => `${dotted(base + start)}/${size}`;
  const quarter = 2 ** (32 - bits - 2);
  const small = 2 ** (32 - bits - 5);
  return {
    public: indexes.map((zone) => block(zone * small, bits + 5)),
    data: indexes.map((zone) => block(quarter / 2 + zone * small, bits + 5)),
    private: indexes.map((zone) => block((zone + 1) * quarter, bits + 2)),
  };
}

/** First address and prefix length. */
export function parseCidr(cidr: string): { base: number; bits: number } {
  const [address = "", bits = "32"] = cidr.split("/");
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, bits: Number(bits) };
}

export function overlap(a: string, b: string): boolean {
  const [x, y] = [parseCidr(a), parseCidr(b)];
  return x.base < y.base + 2 ** (32 - y.bits) && y.base < x.base + 2 ** (32 - x.bits);
}

/** Range of a network whose settings name none. */
export const usualCidr = "10.20.0.0/16";

/** Ranges that the internet does not route. */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

export const within = (inner: string, outer: string): boolean => overlap(inner, outer) && parseCidr(inner).bits >= parseCidr(outer).bits;

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
