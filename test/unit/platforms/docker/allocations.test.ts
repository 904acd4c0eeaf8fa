import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { BlockList } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { allocatePort, allocateSubnet, portBlock, readAllocations, writeAllocations } from "../../../../src/platforms/docker/allocations.ts";
import { type AddressRange, meets, overlap, rangeOf } from "../../../../src/platforms/docker/subnets.ts";

const keys = ["db.sql", "bus.nats", "bus.monitor", "cache.redis", "api.http"] as const;
const port = fc.oneof(fc.integer({ min: 5000, max: 5004 }), fc.integer({ min: 65_530, max: 65_535 }), fc.integer({ min: 1, max: 65_535 }));
/** Ports by key, each given once: what a file remembers, or what a user may configure. */
const givenOnce = fc
  .dictionary(fc.constantFrom(...keys, "gone.http"), port, { maxKeys: 4 })
  .map(
    (ports): Record<string, number> =>
      Object.fromEntries([...new Map(Object.entries(ports).map(([key, value]) => [value, key]))].map(([value, key]) => [key, value])),
  );
const requests = fc.array(fc.record({ key: fc.constantFrom(...keys), usual: port }), { maxLength: 12 });
const block = fc.option(fc.integer({ min: 20_000, max: 31_900 }), { nil: undefined });

describe("allocatePort", () => {
  test("over any run of requests: no port twice, configured ones as they are, remembered ones kept, the same answer when asked again", () => {
    fc.assert(
      fc.property(requests, givenOnce, givenOnce, block, (asked, remembered, configured, first) => {
        const taken: Record<string, number> = { ...remembered };
        const given: Record<string, number> = {};
        for (const request of asked) {
          const answer = allocatePort(request, taken, configured, first);
          expect(answer).toBe(given[request.key] ?? answer);
          given[request.key] = taken[request.key] = answer;
        }
        const claimed = Object.values(configured);
        expect(new Set(Object.values(given)).size).toBe(Object.keys(given).length);
        for (const [key, answer] of Object.entries(given)) {
          expect(answer).toBeGreaterThanOrEqual(1);
          expect(answer).toBeLessThanOrEqual(65_535);
          const before = remembered[key];
          if (configured[key] !== undefined) expect(answer).toBe(configured[key]);
          else if (before !== undefined && !claimed.includes(before)) expect(answer).toBe(before);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("the first copy gets the usual port, an isolated one the first of its block", () => {
    expect(allocatePort({ key: "db.sql", usual: 5432 }, {}, {}, undefined)).toBe(5432);
    expect(allocatePort({ key: "db.sql", usual: 5432 }, {}, {}, 20_100)).toBe(20_100);
    expect(allocatePort({ key: "bus.nats", usual: 4222 }, { "db.sql": 20_100 }, {}, 20_100)).toBe(20_101);
  });

  test("a port that somebody configured for another is given up, although it is remembered", () => {
    expect(allocatePort({ key: "db.sql", usual: 5432 }, { "db.sql": 5432 }, { "other.sql": 5432 }, undefined)).toBe(5433);
  });
});

test("the block of an isolated copy is below the ephemeral ports, the same every time, and of no use to the first copy", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (prefix, isolation) => {
      const first = portBlock(prefix, isolation) ?? 0;
      expect(first).toBeGreaterThanOrEqual(20_000);
      expect(first + 99).toBeLessThan(32_768);
      expect(first % 100).toBe(0);
      expect(portBlock(prefix, isolation)).toBe(first);
      expect(portBlock(prefix, "")).toBeUndefined();
    }),
  );
});

describe("allocateSubnet", () => {
  const pools = ["10.213.0.0/16", "10.0.0.0/10", "172.16.0.0/12", "192.168.7.0/24", "10.213.77.5/20"] as const;
  const inPool = (pool: string) => {
    const [address = "", bits] = pool.split("/");
    const list = new BlockList();
    list.addSubnet(address, Number(bits), "ipv4");
    return (subnet: string) => list.check(subnet.split("/")[0] ?? "", "ipv4") && list.check(last(subnet), "ipv4");
  };
  const last = (subnet: string) => (subnet.split("/")[0] ?? "").replace(/\d+$/, (octet) => String(Number(octet) + 31));
  const allocateAll = (names: readonly string[], pool: string, remembered: Readonly<Record<string, string>> = {}) => {
    const subnets: Record<string, string> = { ...remembered };
    for (const name of names) subnets[name] = allocateSubnet(name, subnets, pool, "stack");
    return subnets;
  };

  test("for any set of names: /27s within the pool, aligned, apart from each other, and kept when names are added", () => {
    const names = fc.uniqueArray(
      fc.string({ minLength: 1 }).map((name) => `stack-${name}`),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(names, fc.nat(), fc.constantFrom(...pools), (all, cut, pool) => {
        const first = allocateAll(all.slice(0, 1 + (cut % all.length)), pool);
        const subnets = allocateAll(all, pool);
        expect(subnets).toMatchObject(first);
        for (const name of all) expect(allocateSubnet(name, subnets, pool, "stack")).toBe(subnets[name]);
        for (const subnet of Object.values(subnets)) {
          expect(subnet).toMatch(/^\d+\.\d+\.\d+\.\d+\/27$/);
          expect(Number(/\.(\d+)\/27$/.exec(subnet)?.[1]) % 32).toBe(0);
          expect([pool, subnet, inPool(pool)(subnet)]).toEqual([pool, subnet, true]);
        }
        // Aligned blocks of one size are apart from each other when they are not the same.
        expect(new Set(Object.values(subnets)).size).toBe(all.length);
      }),
    );
  });

  test("every /27 of a pool is used before it is called full", () => {
    const names = Array.from({ length: 8 }, (_, index) => `network-${index}`);
    const subnets = allocateAll(names, "192.168.7.0/24");
    expect(new Set(Object.values(subnets)).size).toBe(8);
    expect(() => allocateSubnet("one-more", subnets, "192.168.7.0/24", "stack")).toThrow(/no free \/27 left; widen subnetPool/);
  });

  test("the usual pool holds a large stack side by side, and goes on beyond its stretch", () => {
    const ranges = (count: number) =>
      Object.values(
        allocateAll(
          Array.from({ length: count }, (_, index) => `shop-dev-part-${index}`),
          "10.213.0.0/16",
        ),
      ).map(rangeOf);
    const apart = (all: readonly AddressRange[]) => all.every((a, index) => all.slice(index + 1).every((b) => !meets(a, b)));
    const sixty = ranges(60);
    expect(apart(sixty)).toBe(true);
    expect(Math.max(...sixty.map(({ last: end }) => end)) - Math.min(...sixty.map(({ first }) => first))).toBeLessThan(64 * 32);
    const many = ranges(200);
    expect(apart(many)).toBe(true);
    expect(many).toHaveLength(200);
  });

  test("copies of a stack of 25 networks seldom meet: fewer than one pair in twenty", () => {
    const copies = Array.from({ length: 60 }, (_, copy) => {
      const prefix = `shop-dev-copy${copy}`;
      const names = Array.from({ length: 25 }, (_, index) => `${prefix}-part-${index}`);
      const subnets: Record<string, string> = {};
      for (const name of names) subnets[name] = allocateSubnet(name, subnets, "10.213.0.0/16", prefix);
      return new Set(Object.values(subnets));
    });
    const pairs = copies.flatMap((a, index) => copies.slice(index + 1).map((b) => [...a].some((subnet) => b.has(subnet))));
    expect(pairs.filter(Boolean).length / pairs.length).toBeLessThan(0.05);
  });

  test("subnets of another size that an earlier up remembered are kept, and what is new is apart from them", () => {
    const old = fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 1, maxLength: 12 });
    const fresh = fc.uniqueArray(
      fc.string({ minLength: 1 }).map((name) => `new-${name}`),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(old, fresh, (places, names) => {
        // In the first two stretches of the pool, where a stack of a small pool has its own.
        const remembered = Object.fromEntries(places.map((place) => [`old-${place}`, `10.213.${place >> 4}.${(place & 15) * 16}/28`]));
        const subnets = allocateAll([...Object.keys(remembered), ...names], "10.213.0.0/20", remembered);
        expect(subnets).toMatchObject(remembered);
        const all = Object.entries(subnets);
        for (const [index, [name, subnet]] of all.entries()) {
          for (const [other, second] of all.slice(index + 1)) expect([name, other, overlap(subnet, second)]).toEqual([name, other, false]);
        }
      }),
    );
  });
});

test("a subnet from before a change of the pool is given up", () => {
  const before = { db: allocateSubnet("db", {}, "10.213.0.0/16", "stack") };
  const after = allocateSubnet("db", before, "10.99.0.0/16", "stack");
  expect(after).toMatch(/^10\.99\./);
  expect(allocateSubnet("db", { db: after }, "10.99.0.0/16", "stack")).toBe(after);
});

describe("the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-allocations-"));
  const file = join(folder, "dev", "allocations.json");
  afterEach(() => rmSync(join(folder, "dev"), { recursive: true, force: true }));

  test("what was written is read, and written again it is the same text", () => {
    const allocations = { ports: { "db.sql": 5432 }, subnets: { "groundplan-dev-db": "10.213.0.0/27" } };
    writeAllocations(file, allocations);
    const text = readFileSync(file, "utf8");
    expect(readAllocations(file)).toEqual(allocations);
    writeAllocations(file, readAllocations(file));
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test.each(["", "{", "null", "[]", '"text"', '{"ports": {}}'])("a file with %j is like none", (text) => {
    writeAllocations(file, { ports: {}, subnets: {} });
    writeFileSync(file, text);
    expect(readAllocations(file)).toMatchObject({ ports: {}, subnets: {} });
  });
  test("no file", () => expect(readAllocations(join(folder, "none.json"))).toEqual({ ports: {}, subnets: {} }));
});
