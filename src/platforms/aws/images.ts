import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import * as pulumi from "@pulumi/pulumi";
import { type Build, type ImageSource, imageReference } from "../../core/images.ts";
import { pushedImage } from "../image-build.ts";
import type { AwsContext } from "./context.ts";
import type { Statement } from "./iam.ts";
import { kmsKey } from "./kms.ts";

export type Architecture = "amd64" | "arm64";

/** An image as a task names it, and where it is pulled from. */
export interface AwsImage {
  readonly reference: pulumi.Output<string>;
  readonly source: ImageOrigin;
}

export type ImageOrigin =
  /** A repository of ECR, pulled through endpoints of the network. */
  | { readonly kind: "ecr"; readonly region: string; readonly account: string; readonly repository: string }
  /** Any other registry: the task itself needs a way to it. */
  | { readonly kind: "internet"; readonly registry: string };

export function imageOf(context: AwsContext, source: ImageSource, component: string, architecture: Architecture = "amd64"): AwsImage {
  if ("build" in source) return builtImage(context, source.build, component, architecture);
  const reference = imageReference(source, context.settings.images);
  return { reference: pulumi.output(reference), source: originOf(reference) };
}

/** Where a reference points to, from its text. */
export function originOf(reference: string): ImageOrigin {
  const [, account, region, repository] = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(reference) ?? [];
  if (account && region && repository) return { kind: "ecr", account, region, repository };
  const head = reference.includes("/") ? (reference.split("/")[0] ?? "") : "";
  return { kind: "internet", registry: /[.:]|^localhost$/.test(head) ? head : "docker.io" };
}

const repositoryName = (context: AwsContext, component: string) => context.name(component, "repository");

/**
 * Built here, pushed, and named by the digest that the registry gives it. A token for the push would have to be looked
 * up while the plan is made; instead Docker's own login of this machine is used: the credential helper
 * `amazon-ecr-credential-helper`, or `aws ecr get-login-password | docker login` before the first `up`.
 */
function builtImage(context: AwsContext, build: Build, component: string, architecture: Architecture): AwsImage {
  const name = repositoryName(context, component);
  const origin: ImageOrigin = { kind: "ecr", account: context.account, region: context.region, repository: name };
  const reference = context.once(`image-${component}`, () => {
    const repository = imageRepository(context, component, name);
    return pushedImage(repository, `image-${component}`, {
      root: context.root,
      build,
      repository: repository.repositoryUrl,
      architecture: `linux/${architecture}`,
    }).repoDigest;
  });
  return { reference, source: origin };
}

/** A repository in which a tag never moves and old builds go. */
function imageRepository(context: AwsContext, component: string, name: string): Repository {
  const repository = new Repository(
    `${component}-images`,
    {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: kmsKey(context, "images").arn }],
      // Images are built again from their folder.
      forceDelete: !context.profile.guardData,
      tags: context.tags(component, "image", `${component}-images`),
    },
    context.place(context.platform, { deleteBeforeReplace: true }),
  );
  new LifecyclePolicy(
    `${component}-images-lifecycle`,
    { repository: repository.name, policy: JSON.stringify(lifecycle) },
    context.place(context.platform, { deleteBeforeReplace: true }),
  );
  return repository;
}

/** What no service can run any more: a service goes back a few builds at most. */
const lifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: "Untagged images go after a day",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "The last 30 builds are kept",
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
      action: { type: "expire" },
    },
  ],
};

/** What a task's execution role needs to pull. A login is for the registry as a whole, so it knows no resource. */
export function pullStatements(context: AwsContext, origins: readonly ImageOrigin[]): Statement[] {
  const repositories = origins.flatMap((origin) =>
    origin.kind === "ecr" ? [`arn:${context.partition}:ecr:${origin.region}:${origin.account}:repository/${origin.repository}`] : [],
  );
  if (repositories.length === 0) return [];
  return [
    { sid: "RegistryLogin", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      sid: "PullImages",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      resources: [...new Set(repositories)].toSorted(),
    },
  ];
}
