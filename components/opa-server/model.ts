import type { ArchivedFile } from "../../src/core/archive.ts";

/** What a policy server is, for a target that gives it its policies otherwise than as files. */
export interface OpaModel {
  /** Arguments of the server, without the folder of its bundle. */
  readonly run: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Where the server finds its configuration. */
  readonly configFile: string;
  /** Host of the registry, when the bundle comes from one. */
  readonly registry?: string;
  /** The bundle, when it is made from a folder. */
  readonly bundle?: readonly ArchivedFile[];
}
