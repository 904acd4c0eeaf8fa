import type { Problem } from "../../../src/core/problems.ts";
import type { Profile } from "../../../src/core/profile.ts";
import { instanceMemoryMiB } from "../../../src/platforms/aws/instance-memory.ts";
import type { PostgresModel } from "../model.ts";
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
