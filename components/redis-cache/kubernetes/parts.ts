import { filesFolder as folder } from "../../../src/core/parts.ts";

/** Servers of a cache with failover, and as many Sentinels: two of three agree while one is away. */
export const members = 3;
export const quorum = 2;

export const ports = { redis: 6379, sentinel: 26379, health: 8404 } as const;

/** Names of the parts; clients know the proxies alone, under the name of the cache. */
export const partsOf = (cache: string) => ({ proxy: cache, node: `${cache}-node`, sentinel: `${cache}-sentinel` });

/** Name of one replica of a part, as every pod of the namespace resolves it. */
export const memberName = (part: string, index: number | string) => `${part}-${index}.${part}-nodes`;

export const memberNames = (part: string): string[] => Array.from({ length: members }, (_, index) => memberName(part, index));

/** Variable with the own name of a replica. */
export const ownName = "NODE";

/** Keys of the credentials that a failover needs beside those of the cache; each is the name of its user, too. */
export const replication = "replication";
export const sentinel = "sentinel";
export const proxy = "proxy";

export const sentinelPassword = `${folder}/sentinel-password`;
