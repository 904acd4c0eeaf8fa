import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overlap, parseCidr, privateRanges, subnetBlocks, within } from "../../../../src/platforms/aws/cidr.ts";

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
/** Private networks of the sizes that are allowed, at their first address. */
const networks = fc
  .record({ outer: fc.constantFrom(...privateRanges), bits: fc.integer({ min: 16, max: 22 }), at: fc.nat() })
  .map(({ outer, bits, at }) => {
    const { base, bits: outerBits } = parseCidr(outer);
    return `${dotted(base + (at % 2 ** (bits - outerBits)) * 2 ** (32 - bits))}/${bits}`;
  });

describe("blocks of a network", () => {
  test("lie inside it and do not overlap, each at its first address and large enough for its tier", () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 1, max: 3 }), (cidr, zones) => {
        const blocks = subnetBlocks(cidr, zones);
        const all = [...blocks.public, ...blocks.private, ...blocks.data];
        expect(all).toHaveLength(3 * zones);
        for (const [index, block] of all.entries()) {
          expect(within(block, cidr), `${block} in ${cidr}`).toBe(true);
          const { base, bits } = parseCidr(block);
          expect(base % 2 ** (32 - bits)).toBe(0);
          // A load balancer wants at least a /27.
          expect(bits).toBeLessThanOrEqual(27);
          for (const other of all.slice(0, index)) expect(overlap(block, other), `${block} and ${other}`).toBe(false);
        }
      }),
    );
  });

  test("stay where they are when a zone joins", () => {
    fc.assert(
      fc.property(networks, (cidr) => {
        const [two, three] = [subnetBlocks(cidr, 2), subnetBlocks(cidr, 3)];
        for (const tier of ["public", "private", "data"] as const) expect(three[tier].slice(0, 2)).toEqual(two[tier]);
      }),
    );
  });

  test("of the usual network", () => {
    expect(subnetBlocks("10.20.0.0/16", 3)).toEqual({
      public: ["10.20.0.0/21", "10.20.8.0/21", "10.20.16.0/21"],
      data: ["10.20.32.0/21", "10.20.40.0/21", "10.20.48.0/21"],
      private: ["10.20.64.0/18", "10.20.128.0/18", "10.20.192.0/18"],
    });
  });
});
