import type { Instance } from "@pulumi/aws/rds/instance.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../../src/core/connection.ts";
import { filesFolder as folder } from "../../../src/core/parts.ts";
import { allReady } from "../../../src/core/realise.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { Secrets, Text } from "../../../src/core/text.ts";
import type { JobSpec } from "../../../src/core/workload.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { Group } from "../../../src/platforms/aws/groups.ts";
import { awsJob } from "../../../src/platforms/aws/job.ts";
import { checkScript } from "../check.ts";
import type { PostgresModel } from "../model.ts";
import { reconcileSql } from "../reconcile.ts";
import { administrator, conninfo, type Server } from "../server.ts";
import { port } from "./instance.ts";

/** The host is known when the instance is: jobs get it as a variable. */
const server: Server = { host: "$PGHOST", port, options: "sslmode=require" };

const reconcileScript = `set -eu
exec psql -X -w -q -v ON_ERROR_STOP=1 -f ${folder}/reconcile.sql "${conninfo(server, administrator, "postgres")}"
`;

/**
 * The tasks that bring databases and roles to what is declared, and that check them. Where RDS keeps the administrator's
 * password it changes it by itself, so the task gets the one of the moment when it starts.
 */
export function databasesJob(
  context: AwsContext,
  component: pulumi.Resource,
  spec: SystemSpec,
  model: PostgresModel,
  secrets: Secrets,
  primary: Instance,
  group: Group,
  administratorPassword: pulumi.Output<string> | undefined,
): Ready {
  const common = { system: spec.name, secrets, after: [[primary]], reach: [{ group, port }] };
  const gates = spec.jobs.map((job) => {
    if (job.when === "verify") {
      const check = { "check.sh": checkScript(server, model.databases) };
      return awsJob(context, component, jobWith(job, primary, `exec sh ${folder}/check.sh`, check), common);
    }
    const files = { "reconcile.sql": reconcileSql(model.databases) };
    const reconcile = jobWith(job, primary, reconcileScript, files, administratorPassword ? { PGPASSWORD: administratorPassword } : {});
    return awsJob(context, component, reconcile, {
      ...common,
      ...(administratorPassword ? {} : { references: { PGPASSWORD: { arn: keptBy(primary), key: "password" } } }),
    });
  });
  return allReady(gates);
}

/** The secret in which RDS keeps the administrator's password. */
const keptBy = (primary: Instance) => primary.masterUserSecrets.apply((made) => made[0]?.secretArn ?? "");

const jobWith = (
  job: JobSpec,
  primary: Instance,
  script: string,
  files: Readonly<Record<string, Text>>,
  env: Readonly<Record<string, pulumi.Output<string>>> = {},
): JobSpec => ({
  ...job,
  env: { ...job.env, ...env, PGHOST: primary.address },
  entrypoint: ["sh", "-c", script],
  files: Object.entries(files).map(([name, content]) => ({ path: `${folder}/${name}`, content })),
});
