import { Association } from "@pulumi/aws/ssm/association.js";
import * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";

/** A new node is told before it has written its own script. */
const started = "cloud-init status --wait >/dev/null || true";

/**
 * Brings a changed configuration to the nodes, one after another: the next one only when the one before serves and has
 * caught up. It is there only when all nodes serve, so it is what dependants wait for. A change makes a new one: the
 * provider waits for success only when it makes an association, not when it changes one.
 */
export function converge(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  instances: readonly pulumi.Output<string>[],
  version: pulumi.Output<string>,
  after: readonly pulumi.Resource[],
): Association {
  return quietly(
    () =>
      new Association(
        `${name}-converge`,
        {
          name: "AWS-RunShellScript",
          associationName: context.name(`${name}-converge`, "association"),
          targets: [{ key: "InstanceIds", values: [...instances] }],
          parameters: { commands: pulumi.interpolate`${started}; /usr/local/sbin/groundplan-nats converge ${version}`, executionTimeout: "900" },
          maxConcurrency: "1",
          maxErrors: "0",
          waitForSuccessTimeoutSeconds: 1800,
          tags: context.tags(name, "server", `${name}-converge`),
        },
        context.place(component, {
          deleteBeforeReplace: true,
          replaceOnChanges: ["parameters", "targets"],
          customTimeouts: { create: "40m" },
          dependsOn: [...after],
        }),
      ),
  );
}
