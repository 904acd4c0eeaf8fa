import { createHash } from "node:crypto";

/** Longest names by kind of resource, and how many characters something else adds. Sources: AWS API references, November 2026. */
export const nameLimits = {
  loadBalancer: { limit: 32, suffixRoom: 8 },
  targetGroup: { limit: 32, suffixRoom: 8 },
  webAcl: { limit: 128, suffixRoom: 0 },
  /** One for all accounts of a partition. */
  bucket: { limit: 63, suffixRoom: 0 },
  /** The provider adds a suffix of 26 characters to a prefix. */
  securityGroup: { limit: 255, suffixRoom: 27 },
  /** Instances, proxies, and with `-final-` and a hash their last snapshots. */
  rds: { limit: 63, suffixRoom: 0 },
  replicationGroup: { limit: 40, suffixRoom: 0 },
  cacheUser: { limit: 40, suffixRoom: 0 },
  parameterGroup: { limit: 255, suffixRoom: 0 },
  subnetGroup: { limit: 255, suffixRoom: 0 },
  role: { limit: 64, suffixRoom: 0 },
  lambda: { limit: 64, suffixRoom: 0 },
  /** `.fifo` counts. */
  queue: { limit: 80, suffixRoom: 5 },
  topic: { limit: 256, suffixRoom: 5 },
  /** Groups and sampling rules of X-Ray. */
  traces: { limit: 32, suffixRoom: 0 },
  dashboard: { limit: 255, suffixRoom: 0 },
  workspaceAlias: { limit: 100, suffixRoom: 0 },
  /** A workspace of Grafana. */
  workspace: { limit: 255, suffixRoom: 0 },
  /** Vaults, plans and selections of AWS Backup. */
  backup: { limit: 50, suffixRoom: 0 },
  alarm: { limit: 255, suffixRoom: 0 },
  keyAlias: { limit: 256, suffixRoom: 6 },
  repository: { limit: 256, suffixRoom: 0 },
  launchTemplate: { limit: 128, suffixRoom: 0 },
  association: { limit: 128, suffixRoom: 0 },
  cluster: { limit: 255, suffixRoom: 0 },
  service: { limit: 255, suffixRoom: 0 },
  taskFamily: { limit: 255, suffixRoom: 0 },
  /** A label of DNS. */
  namespace: { limit: 63, suffixRoom: 0 },
  /** A name of Cloud Map; `_` and the name of a port, which has 15 at most, come after it. */
  connectName: { limit: 63, suffixRoom: 16 },
} as const satisfies Record<string, NameLimit>;

export interface NameLimit {
  readonly limit: number;
  readonly suffixRoom: number;
}

export type NameKind = keyof typeof nameLimits;

const hashDigits = 8;

/**
 * A name that every kind of resource takes: lower-case letters, digits and single hyphens, a letter first, no hyphen last,
 * never more than the limit. What is cut or had to be changed keeps its identity by a hash at the end.
 */
export function awsName(prefix: string, part: string, { limit, suffixRoom }: NameLimit): string {
  const whole = part ? `${prefix}-${part}` : prefix;
  const plain = slug(whole);
  const room = limit - suffixRoom;
  if (plain === whole && plain.length <= room) return plain;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, hashDigits);
  const head = plain.slice(0, room - hashDigits - 1).replace(/-+$/, "");
  return `${head}-${hash}`;
}

/** A group's name may not start with `sg-`, and names that start with `aws` are kept for AWS. */
const unusable = /^(sg-|aws|[^a-z])/;

function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return unusable.test(plain) || plain === "" ? `gp-${plain}`.replace(/-$/, "") : plain;
}
