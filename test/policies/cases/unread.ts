import type { Resource } from "../../../policies/model.ts";
import { type PolicyCases, resource } from "../cases.ts";
import { deployment } from "../kubernetes-objects.ts";

const chart = resource("kubernetes:helm.sh/v3:Chart", "shop-chart", { chart: "shop" });
const below = (child: Resource, { urn }: Resource): Resource => ({ ...child, parent: urn });

export const unreadCases: Readonly<Record<string, PolicyCases>> = {
  "unread-resources": {
    compliant: [{ title: "a chart whose objects stand in the plan", resources: [chart, below(deployment("web", {}), chart)] }],
    violating: [
      {
        title: "a release, and a database of another provider",
        resources: [
          resource("kubernetes:helm.sh/v3:Release", "redis", { chart: "redis" }),
          resource("aws-native:rds:DbInstance", "db", { publiclyAccessible: true }),
        ],
        finds: ["db: ", "redis: "],
      },
      {
        title: "a template, and a resource that is given as JSON",
        resources: [
          resource("aws:cloudformation/stack:Stack", "legacy", { templateBody: "{}" }),
          resource("aws:cloudcontrol/resource:Resource", "cluster", { typeName: "AWS::ECS::Cluster", desiredState: "{}" }),
        ],
        finds: ["cluster: ", "legacy: "],
      },
      {
        title: "charts and files whose objects are made out of sight",
        resources: [
          chart,
          resource("kubernetes:helm.sh/v4:Chart", "mesh-chart", { chart: "istiod" }),
          resource("kubernetes:yaml/v2:ConfigGroup", "crds", { files: ["crds/*.yaml"] }),
        ],
        finds: ["crds: ", "mesh-chart: ", "shop-chart: "],
      },
    ],
    reads: { "shop-chart: chart": [] },
    enoughUnknown: ["shop-chart: chart"],
  },
};
