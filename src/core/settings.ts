import type { ImageSettings } from "./images.ts";
import type { StackIdentity } from "./naming.ts";
import type { Target } from "./platform.ts";
import type { Profile } from "./profile.ts";

/** An environment variable that overrides an argument of a component: `GROUNDPLAN_COMPONENTS__DB__REPLICAS=3`. */
export interface EnvironmentOverride {
  readonly variable: string;
  /** Below `components`, as written: `["DB", "REPLICAS"]`. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The configuration of one environment: plain, complete and frozen. */
export interface StackSettings extends StackIdentity {
  readonly topology: string;
  readonly target: Target;
  readonly profile: Profile;
  readonly images: ImageSettings;
  /** `component.port` -> port on the developer's machine. */
  readonly ports: Readonly<Record<string, number>>;
  /** Outbound addresses (`host:port`) that services of this environment may declare; undefined allows any. */
  readonly egress?: readonly string[];
  /** Pool from which the small networks of Docker are cut. */
  readonly subnetPool: string;
  /** Arguments of components by component name. */
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly environmentOverrides: readonly EnvironmentOverride[];
  /** Setting path -> where its value came from. */
  readonly origins: Readonly<Record<string, string>>;
}
