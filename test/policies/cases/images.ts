import { type PolicyCases, resource } from "../cases.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const container = (image: unknown) => [resource("docker:index/container:Container", "web", { image })];
const deployment = (image: string, init = image) => [
  resource("kubernetes:apps/v1:Deployment", "web", {
    spec: { template: { spec: { containers: [{ name: "web", image }], initContainers: [{ name: "setup", image: init }] } } },
  }),
];
const task = (image: string) => [
  resource("aws:ecs/taskDefinition:TaskDefinition", "web", { containerDefinitions: JSON.stringify([{ name: "web", image }]) }),
];
const folder = "spec.template.spec";

export const imageCases: Readonly<Record<string, PolicyCases>> = {
  "image-pinned": {
    compliant: [
      { title: "the tag of a release", resources: container("ghcr.io/acme/web:1.4.2") },
      { title: "a registry with a port, and a digest", resources: container(`registry.acme.example:5000/web@${digest}`) },
      { title: "the id of an image", resources: container(digest) },
      { title: "a pod", resources: deployment("acme/web:1.4.2", `acme/web:latest@${digest}`) },
      { title: "a task", resources: task("123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1.4.2") },
      { title: "a build with a commit as its tag", resources: [resource("docker:index/image:Image", "web", { imageName: "acme/web:main-3f2a1b9" })] },
      {
        title: "a build by BuildKit under its release, and under what is newest",
        resources: [resource("docker-build:index:Image", "web", { tags: ["acme/web:1.4.2", "acme/web:latest"], push: true })],
      },
    ],
    violating: [
      { title: "the newest one", resources: container("nginx:latest"), finds: ["web: image"] },
      { title: "no tag, on a registry with a port", resources: container("registry.acme.example:5000/web"), finds: ["web: image"] },
      {
        title: "a line of releases",
        resources: [resource("docker:index/remoteImage:RemoteImage", "web", { name: "nginx:stable-alpine" })],
        finds: ["web: name"],
      },
      {
        title: "a pod",
        resources: deployment("acme/web", "busybox:latest"),
        finds: [`web: ${folder}.containers[0].image`, `web: ${folder}.initContainers[0].image`],
      },
      { title: "a task", resources: task("acme/web:latest"), finds: ["web: containerDefinitions[0].image"] },
      {
        title: "a job by schedule",
        resources: [
          resource("kubernetes:batch/v1:CronJob", "web", {
            spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: "acme/web:main" }] } } } } },
          }),
        ],
        finds: ["web: spec.jobTemplate.spec.template.spec.containers[0].image"],
      },
      {
        title: "a service of a swarm",
        resources: [resource("docker:index/service:Service", "web", { taskSpec: { containerSpec: { image: "acme/web:latest" } } })],
        finds: ["web: taskSpec.containerSpec.image"],
      },
      {
        title: "a build by BuildKit under no release",
        resources: [resource("docker-build:index:Image", "web", { tags: ["acme/web:latest", "acme/web"], push: true })],
        finds: ["web: tags[0]", "web: tags[1]"],
      },
      {
        title: "a patch, a list and the oldest kind of a workload",
        resources: [
          resource("kubernetes:apps/v1:DeploymentPatch", "patch", { spec: { template: { spec: { containers: [{ image: "acme/web" }] } } } }),
          resource("kubernetes:core/v1:PodList", "pods", { items: [{ spec: { containers: [{ image: "acme/web" }] } }] }),
          resource("kubernetes:core/v1:ReplicationController", "rc", { spec: { template: { spec: { containers: [{ image: "acme/web" }] } } } }),
        ],
        finds: [`patch: ${folder}.containers[0].image`, "pods: items[0].spec.containers[0].image", `rc: ${folder}.containers[0].image`],
      },
      {
        title: "a function",
        resources: [resource("aws:lambda/function:Function", "web", { imageUri: "acme/web:latest" })],
        finds: ["web: imageUri"],
      },
    ],
    reads: { "web: image": [] },
    enoughUnknown: ["web: image"],
  },
  "image-digest": {
    compliant: [
      { title: "a digest", resources: container(`ghcr.io/acme/web:1.4.2@${digest}`) },
      { title: "an image that is built, with the hash of its sources as its tag", resources: container("shop-prod-web:b434958d17c1") },
      { title: "the id of an image", resources: container(digest) },
    ],
    violating: [
      { title: "a tag alone", resources: container("ghcr.io/acme/web:1.4.2"), finds: ["web: image"] },
      { title: "a pod", resources: deployment("acme/web:1.4.2", `acme/web@${digest}`), finds: [`web: ${folder}.containers[0].image`] },
      { title: "a task", resources: task("acme/web:1.4.2"), finds: ["web: containerDefinitions[0].image"] },
    ],
    reads: { "web: image": [] },
    enoughUnknown: ["web: image"],
  },
};
