import type { CustomResourceOptions, ProviderResource, Resource } from "@pulumi/pulumi";
import { stackPrefix } from "../../core/naming.ts";
import type { AwsSizes, Profile } from "../../core/profile.ts";
import { quietly } from "../../core/quietly.ts";
import { type AwsSettings, isRetired, type StackSettings } from "../../core/settings.ts";
import { AlarmTopics } from "./alarm-topics.ts";
import { awsName, type NameKind, nameLimits } from "./names.ts";
import { partitionOf } from "./partition.ts";

/** What a resource is, for its tags. */
export type AwsRole =
  | "server"
  | "job"
  | "check"
  | "data"
  | "network"
  | "key"
  | "log"
  | "secret"
  | "image"
  | "access"
  | "alarm"
  | "discovery"
  | "backup"
  | "bundle";

/** In place of a component: the network, keys, the cluster. */
export const shared: unique symbol = Symbol("shared");
export type Owner = string | typeof shared;

/**
 * What every part of the AWS platform needs: settings, names, tags, the provider and ARNs from known parts. What parts
 * make with it lies beside it: kms.ts, network.ts, groups.ts, logs.ts, secrets.ts, iam.ts, alarms.ts, discovery.ts,
 * endpoint.ts (what a connection opens), services.ts (ways to the APIs of AWS) and job.ts (run-once tasks).
 */
export class AwsContext {
  readonly settings: StackSettings;
  /** Region, account, zones, network. */
  readonly aws: AwsSettings;
  readonly profile: Profile;
  readonly sizes: AwsSizes;
  /** Directory of Pulumi.yaml. */
  readonly root: string;
  readonly prefix: string;
  /** Parent of what several components share. */
  readonly platform: Resource;
  readonly provider: ProviderResource;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** Whom alarms tell besides `aws.alarmTopics`. */
  readonly alarmTopics = new AlarmTopics();
  readonly #made = new Map<string, unknown>();

  constructor(settings: StackSettings, aws: AwsSettings, root: string, platform: Resource, provider: ProviderResource) {
    this.settings = settings;
    this.aws = aws;
    this.profile = settings.profile;
    this.sizes = settings.profile.aws;
    this.root = root;
    this.prefix = stackPrefix(settings);
    this.platform = platform;
    this.provider = provider;
    this.region = aws.region;
    this.account = aws.accountId;
    this.partition = partitionOf(aws.region);
  }

  /** Physical name of a part, within the limit of its kind of resource: `name("db", "rds")` -> `groundplan-dev-db`. */
  name(part: string, kind: NameKind): string {
    return awsName(this.prefix, part, nameLimits[kind]);
  }

  /** `arn("sqs", "groundplan-dev-queue")`: a resource of this account and region. IAM knows no region: pass "". */
  arn(service: string, resource: string, region: string = this.region): string {
    return `arn:${this.partition}:${service}:${region}:${this.account}:${resource}`;
  }

  /** Tags of everything that is made. What all components share belongs to none of them: `shared`. */
  tags(component: Owner, role: AwsRole, name: string = String(component)): Record<string, string> {
    return {
      Name: `${this.prefix}-${name}`,
      "groundplan:stack": this.prefix,
      "groundplan:environment": this.settings.env,
      ...(component === shared ? {} : { "groundplan:component": component }),
      "groundplan:role": role,
    };
  }

  /** Options of a child: parent and the explicit provider, always. */
  place(parent: Resource, extra: CustomResourceOptions = {}): CustomResourceOptions {
    return { parent, provider: this.provider, ...extra };
  }

  /** Whether data of this component is protected: as the profile wants it, until the component is retired. */
  protects(component: Owner): boolean {
    return this.profile.guardData && !(typeof component === "string" && isRetired(this.settings, component));
  }

  /** Options of what holds data of a component: protected and, when it leaves the plan, left in the account. */
  placeData(parent: Resource, component: Owner, extra: CustomResourceOptions = {}): CustomResourceOptions {
    return this.place(parent, this.protects(component) ? { protect: true, retainOnDelete: true, ...extra } : extra);
  }

  /** Makes what several components share exactly once. */
  once<R>(key: string, make: () => R): R {
    if (!this.#made.has(key)) this.#made.set(key, quietly(make));
    return this.#made.get(key) as R;
  }
}
