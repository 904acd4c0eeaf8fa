import type { Kind, Variables } from "../../support/settings.ts";
import { malformedAppServices } from "./malformed-app-service.ts";
import { malformedDocuments } from "./malformed-document.ts";
import { malformedEnvironments } from "./malformed-environment.ts";
import { malformedGateways } from "./malformed-gateway.ts";
import { malformedGrounds } from "./malformed-grounds.ts";
import { malformedSystems } from "./malformed-systems.ts";
import { malformedTelemetry } from "./malformed-telemetry.ts";

export interface ExpectedProblem {
  readonly path: string;
  readonly rule: RegExp;
  readonly fix: RegExp;
  /** Where the message says the value came from; the topology has no origin. */
  readonly origin?: string;
}

export interface MalformedCase {
  readonly name: string;
  /** Laid over a document with nothing wrong in it. */
  readonly stack?: Readonly<Record<string, unknown>>;
  /** The whole document, instead. */
  readonly document?: unknown;
  readonly environment?: Variables;
  readonly components?: readonly (readonly [kind: Kind, name: string, args?: object])[];
  /** All problems, and no others. */
  readonly expected: readonly ExpectedProblem[];
}

export const malformedCases: readonly MalformedCase[] = [
  ...malformedDocuments,
  ...malformedGrounds,
  ...malformedEnvironments,
  ...malformedAppServices,
  ...malformedSystems,
  ...malformedTelemetry,
  ...malformedGateways,
];
