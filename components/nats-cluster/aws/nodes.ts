import { Volume } from "@pulumi/aws/ebs/volume.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { VolumeAttachment } from "@pulumi/aws/ec2/volumeAttachment.js";
import { Instance as Registration } from "@pulumi/aws/servicediscovery/instance.js";
import * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import { backedUpTags } from "../../../src/platforms/aws/backup.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { cloudMapName, discoveryService } from "../../../src/platforms/aws/discovery.ts";
import type { Group } from "../../../src/platforms/aws/groups.ts";
import { kmsKey } from "../../../src/platforms/aws/kms.ts";
import { network } from "../../../src/platforms/aws/network.ts";
import type { NatsModel } from "../model.ts";
import { dataVolumeInputs, instanceInputs, launchTemplateInputs, metricsNamespace } from "./node.ts";
import { userData } from "./user-data.ts";

export interface NodesArgs {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly model: NatsModel;
  readonly group: Group;
  readonly instanceProfile: pulumi.Output<string>;
  readonly secret: pulumi.Output<string>;
  readonly logGroup: string;
  /** What a node needs before its first start. */
  readonly after: readonly pulumi.Resource[];
}

export interface MadeNode {
  readonly node: string;
  readonly instance: Instance;
  /** All parts of it. */
  readonly ready: readonly pulumi.Resource[];
}

/** The nodes: each in a zone of its own with a volume of its own, found as `<name>` and as `<name>-<index>`. */
export function makeNodes(context: AwsContext, component: pulumi.Resource, args: NodesArgs): MadeNode[] {
  const all = discoveryService(context, component, args.name, args.name);
  const { zones, private: subnets } = network(context);
  return args.nodes.map((node, index) => {
    const volume = dataVolume(context, component, args, node, zones[index] ?? "");
    const instance = nodeInstance(context, component, args, node, volume, subnets[index]);
    const attachment = quietly(
      () =>
        new VolumeAttachment(
          `${node}-data`,
          { deviceName: "/dev/sdf", volumeId: volume.id, instanceId: instance.id, stopInstanceBeforeDetaching: true },
          context.place(component, { deleteBeforeReplace: true }),
        ),
    );
    const own = discoveryService(context, component, args.name, node);
    const registrations = [all, own].map((service, nth) =>
      quietly(
        () =>
          new Registration(
            nth === 0 ? `${node}-among-all` : node,
            { serviceId: service.id, instanceId: node, attributes: { AWS_INSTANCE_IPV4: instance.privateIp } },
            context.place(component, { deleteBeforeReplace: true }),
          ),
      ),
    );
    return { node, instance, ready: [instance, attachment, ...registrations] };
  });
}

function dataVolume(context: AwsContext, component: pulumi.Resource, { name, model }: NodesArgs, node: string, zone: string): Volume {
  const inputs = dataVolumeInputs(model, context.profile, zone, kmsKey(context, "data").arn, backedUpTags(context, name, `${node}-data`));
  return quietly(() => new Volume(`${node}-data`, inputs, context.placeData(component, name, { customTimeouts: { delete: "60m" } })));
}

function nodeInstance(
  context: AwsContext,
  component: pulumi.Resource,
  args: NodesArgs,
  node: string,
  volume: Volume,
  subnet: pulumi.Output<string> | undefined,
): Instance {
  const { name, model, secret, logGroup } = args;
  const facts = { node, address: cloudMapName(context, node), region: context.region, logGroup, metrics: metricsNamespace(context) };
  const script = pulumi
    .all([secret, volume.id])
    .apply(([arn, id]) => Buffer.from(userData({ ...facts, secret: arn, volume: id })).toString("base64"));
  const tags = context.tags(name, "server", node);
  const template = quietly(
    () =>
      new LaunchTemplate(
        `${node}-template`,
        launchTemplateInputs(model, context.profile, {
          name: context.name(node, "launchTemplate"),
          securityGroup: args.group.id,
          instanceProfile: args.instanceProfile,
          dataKey: kmsKey(context, "data").arn,
          userData: script,
          tags,
        }),
        context.place(component, { deleteBeforeReplace: true }),
      ),
  );
  return quietly(
    () =>
      new Instance(
        node,
        instanceInputs(template.id, subnet ?? "", tags),
        context.place(component, {
          // One machine at a time can hold the volume, and nodes are made anew one by one, by hand: see the README.
          deleteBeforeReplace: true,
          ignoreChanges: ["launchTemplate"],
          customTimeouts: { create: "20m", delete: "30m" },
          dependsOn: [...args.after],
        }),
      ),
  );
}
