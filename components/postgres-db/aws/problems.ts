import type { Problem } from "../../../src/core/problems.ts";
import type { Profile } from "../../../src/core/profile.ts";
import { backupWarnings } from "../../../src/platforms/aws/backup.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { instanceMemoryMiB } from "../../../src/platforms/aws/instance-memory.ts";
import type { PostgresModel } from "../model.ts";
import { authoritiesOf } from "./authorities.ts";
import { leastGrowthGiB } from "./instance.ts";
import { parameterProblems } from "./parameters.ts";

/** What RDS cannot do with these arguments. */
export function postgresProblems(component: string, model: PostgresModel, profile: Profile): Problem[] {
  return [
    ...proxyProblems(component, model),
    ...memoryProblems(component, model, profile),
    ...diskProblems(component, model),
    ...parameterProblems(component, model),
  ];
}

function memoryProblems(component: string, { aws, memoryMiB }: PostgresModel, profile: Profile): Problem[] {
  const type = aws.instanceClass ?? profile.aws.databaseClass;
  const has = instanceMemoryMiB(type);
  if (memoryMiB === undefined || has === undefined || memoryMiB <= has) return [];
  const fix = "set aws.instanceClass to a larger class, or leave memoryMiB out";
  return [{ component, path: "memoryMiB", value: memoryMiB, rule: `at most what ${type} has: ${has} MiB`, fix }];
}

/** The proxy knows whom it lets in by their secrets. */
function proxyProblems(component: string, { aws, databases }: PostgresModel): Problem[] {
  if (!aws.proxy || Object.keys(databases).length > 0) return [];
  const rule = "at least one database, whose owner the proxy lets in";
  return [{ component, path: "aws.proxy", value: true, rule, fix: "declare a database, or leave the proxy out" }];
}

function diskProblems(component: string, model: PostgresModel): Problem[] {
  const least = leastGrowthGiB(model);
  const most = model.aws.maxStorageGiB;
  if (most === undefined || most >= least) return [];
  const rule = `at least a tenth more than the disk begins with: ${least} GiB`;
  return [{ component, path: "aws.maxStorageGiB", value: most, rule, fix: "raise it, or leave it out" }];
}

/** What is right but leaves something out, and what clients must know. */
export const postgresWarnings = (model: PostgresModel, context: Pick<AwsContext, "profile" | "aws">): string[] => [
  ...certificateWarnings(model, context.aws.region),
  ...backupWarnings(context),
];

/**
 * Certificates of instances come from authorities of RDS that no client knows by itself; that of the proxy from a public
 * one. libpq does not look at it, and takes no parameter that it does not know; node-postgres 8 looks, whatever is asked for.
 */
function certificateWarnings({ aws, databases }: PostgresModel, region: string): string[] {
  const instances = aws.proxy ? (aws.readReplicas ?? 0) > 0 : true;
  if (!instances || Object.keys(databases).length === 0) return [];
  const where = aws.proxy ? "read replicas" : "the server";
  const authorities = authoritiesOf(region) === undefined ? "the certificates of RDS" : "the ca of the connection";
  return [
    `node-postgres 8 refuses the certificate of ${where}: give it ${authorities}, or add uselibpqcompat=true to the URI (libpq refuses that); libpq encrypts and does not check`,
  ];
}
