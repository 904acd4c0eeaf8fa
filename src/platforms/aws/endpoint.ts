import type { OutsideServer } from "../../core/outside.ts";
import { sealer } from "../../core/seal.ts";
import type { Group } from "./groups.ts";
import type { Statement } from "./iam.ts";
import type { AwsService } from "./services.ts";

/** What a connection's opaque endpoint is on AWS: the group whose port a client needs, and the actions it may call. */
export interface AwsServer {
  /** Undefined for what is reached through the API of AWS, as a queue is. */
  readonly group?: Group;
  /** Ports that a check of the same system may ask. */
  readonly ports?: readonly number[];
  /** What the role of a client may do; none for what only a port opens. */
  readonly statements?: readonly Statement[];
  /** API that a client calls, which then gets an endpoint. */
  readonly service?: AwsService | "s3";
}

export const { seal: sealEndpoint, tryOpen: tryEndpoint } = sealer<AwsServer>();

/** The same of a system that runs outside of the stack. */
export const { seal: sealOutside, tryOpen: tryOutside } = sealer<OutsideServer>();
