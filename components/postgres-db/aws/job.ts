import type { Instance } from "@pulumi/aws/rds/instance.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../../src/core/connection.ts";
import { filesFolder as folder } from "../../../src/core/parts.ts";
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
 * The tasks that bring databases and roles to what is declared, and that check them. RDS changes the administrator's
 * password by itself, so the task gets the one of the moment when it starts.
 */
export function databasesJob(
  context: AwsContext,
  component: pulumi.Resource,
  spec: SystemSpec,
  model: PostgresModel,
  secrets: Secrets,
  primary: Instance,
  group: Group,
): Ready {
  const arn = primary.masterUserSecrets.apply((made) => made[0]?.secretArn ?? "");
  const common = { system: spec.name, secrets, after: [pulumi.output([primary as pulumi.Resource])], reach: [{ group, port }] };
  const gates = spec.jobs.map((job) =>
    job.when === "up"
      ? awsJob(context, component, jobWith(job, primary, reconcileScript, { "reconcile.sql": reconcileSql(model.databases) }), {
          ...common,
          references: { PGPASSWORD: { arn, key: "password" } },
        })
      : awsJob(context, component, jobWith(job, primary, `exec sh ${folder}/check.sh`, { "check.sh": checkScript(server, model.databases) }), common),
  );
  return pulumi.all(gates).apply((lists) => lists.flat());
}

const jobWith = (job: JobSpec, primary: Instance, script: string, files: Readonly<Record<string, Text>>): JobSpec => ({
  ...job,
  env: { ...job.env, PGHOST: primary.address },
  entrypoint: ["sh", "-c", script],
  files: Object.entries(files).map(([name, content]) => ({ path: `${folder}/${name}`, content })),
});
