/** GiB of the size `large`, by the letter of the family. Source: the instance type pages of EC2 and ElastiCache, November 2026. */
const large: Readonly<Record<"db" | "cache" | "ec2", Readonly<Record<string, number>>>> = {
  db: { t: 8, c: 4, m: 8, r: 16, x: 32 },
  // Nodes of a cache offer what the operating system leaves.
  cache: { c: 3.09, m: 6.38, r: 13.07 },
  ec2: { t: 8, c: 4, m: 8, r: 16, x: 32 },
};
/** Small cache nodes are no fractions of a large one. */
const smallCache: Readonly<Record<string, number>> = { micro: 0.5, small: 1.37, medium: 3.09 };

/** `db.r7g.2xlarge` -> 65536; undefined for a family that is not in the table, which is then not checked. */
export function instanceMemoryMiB(type: string): number | undefined {
  const [, service = "ec2", family = "", size = ""] = /^(?:(db|cache)\.)?([a-z])\w*\.(\w+)$/.exec(type) ?? [];
  if (service === "cache" && family === "t") return mebibytes(smallCache[size]);
  const base = large[service as keyof typeof large][family];
  const factor = sizeFactor(size);
  return base !== undefined && factor !== undefined ? mebibytes(base * factor) : undefined;
}

const mebibytes = (gibibytes: number | undefined) => (gibibytes === undefined ? undefined : Math.floor(gibibytes * 1024));

function sizeFactor(size: string): number | undefined {
  const named: Readonly<Record<string, number>> = { nano: 1 / 16, micro: 1 / 8, small: 1 / 4, medium: 1 / 2, large: 1, xlarge: 2 };
  const [, times] = /^(\d+)xlarge$/.exec(size) ?? [];
  return times ? 2 * Number(times) : named[size];
}

/** ARM by the `g` after the generation: `t4g`, `m7g`, `r8gd`. */
export const isArm = (type: string): boolean => /^(?:(?:db|cache)\.)?[a-z]+\d+g\w*\./.test(type);
