import type * as pulumi from "@pulumi/pulumi";
import type { AheadSpec, Platform } from "./platform.ts";
import type { Problem } from "./problems.ts";
import type { StackSettings } from "./settings.ts";
import type { SystemSpec } from "./system.ts";

/** What a component, or a ground, has to say before anything is made. */
export type Report = Pick<SystemSpec, "name" | "kind" | "problems" | "warnings">;

/** What a ground is opened with. */
export interface GroundContext {
  /** Settings of the environment, frozen. */
  readonly settings: StackSettings;
  /** Directory of Pulumi.yaml. */
  readonly root: string;
  /** Takes problems and warnings; they are told together at the end. */
  readonly report: (report: Report) => void;
  /** Called for a way to a workload that some component must still make. */
  readonly promised: (part: AheadSpec) => void;
}

/** What a ground gives to a running stack. */
export interface Ground {
  /** What the topology makes its components on. */
  readonly platform: Platform;
  /** What only the whole topology shows to be wrong. @default nothing */
  readonly problems?: () => readonly Problem[];
  /** Called when the topology is complete and free of problems; until it is done, nothing is made. */
  readonly complete: () => Promise<void>;
  /** Published ports as the settings name them: `component.port`. */
  readonly publishedPorts: () => readonly string[];
  /** Numbers that the plan settled and that must be remembered when it is carried out. */
  readonly remember: () => unknown;
  /** Generated credentials by name; secret outputs of the stack, so that a person finds them. */
  readonly credentials: () => Readonly<Record<string, pulumi.Output<string>>>;
}
