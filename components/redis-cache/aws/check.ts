import type { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { Group } from "../../../src/platforms/aws/groups.ts";
import { awsJob } from "../../../src/platforms/aws/job.ts";
import type { RedisModel } from "../model.ts";
import { checkScript } from "../spec.ts";
import { appUser, port } from "./group.ts";

/** The check of the spec, with TLS and the host that is known when the cache is. */
export function checkTask(
  context: AwsContext,
  component: pulumi.Resource,
  spec: SystemSpec,
  password: pulumi.Output<string>,
  cache: ReplicationGroup,
  group: Group,
): void {
  const script = checkScript(`${(spec.model as RedisModel).engine}-cli`, '"$REDIS_HOST" --tls');
  for (const job of spec.jobs) {
    const files = job.files.map((file) => (file.path.endsWith("/check.sh") ? { ...file, content: script } : file));
    const env = { ...job.env, REDIS_HOST: cache.primaryEndpointAddress };
    const args = {
      system: spec.name,
      secrets: { [appUser]: password },
      after: [[cache]],
      reach: [{ group, port }],
    };
    awsJob(context, component, { ...job, env, files }, args);
  }
}
