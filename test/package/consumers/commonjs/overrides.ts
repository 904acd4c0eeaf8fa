import { PostgresDb, type Topology } from "groundplan";

/** Never run: what the declarations of the package say of `overrides`, with the ground of index.ts. */
export const overrides: Topology = ({ platform }) => {
  new PostgresDb("db", { platform, overrides: { docker: { Container: { shmSize: 99 }, "Container/databases": { cpuShares: 2 } } } });
  // @ts-expect-error: an input that no container has.
  new PostgresDb("db", { platform, overrides: { docker: { Container: { shmSizes: 99 } } } });
  // @ts-expect-error: a kind that there is not.
  new PostgresDb("db", { platform, overrides: { docker: { Box: {} } } });
  // Children of a target whose SDK is not installed are not known, and allowed.
  new PostgresDb("db", { platform, overrides: { aws: { "rds.Instance": { anything: 1 } } } });
  return {};
};
