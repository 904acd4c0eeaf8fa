import { ZodOptional, ZodUnknown } from "zod";
import type { ProblemCode } from "../core/errors.ts";
import { nearest, type Problem } from "../core/problems.ts";
import type { StackSettings } from "../core/settings.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { profiles } from "./profiles.ts";
import { type StackDocument, stackSchema } from "./schema.ts";

export interface SettingsSource {
  readonly project: string;
  readonly env: string;
  /** Value of `groundplan:stack`. */
  readonly document: unknown;
  /** How to call the document in messages: `Pulumi.dev.yaml`. */
  readonly file: string;
  readonly environment: Environment;
}

export type SettingsResult = { readonly settings: StackSettings; readonly problems: readonly [] } | { readonly problems: readonly Problem[] };

const defaultSubnetPool = "10.213.0.0/16";

/** Environment over stack file over profile over defaults; every problem at once. */
export function settleSettings(source: SettingsSource): SettingsResult {
  const written = isMap(source.document) ? source.document : {};
  const profileName = (readEnvironment(source.environment, undefined).document.profile ?? written.profile) as keyof typeof profiles;
  const guard = Object.values(profiles).find(({ name }) => name === written.profile);
  const environment = readEnvironment(source.environment, guard);
  const problems: Problem[] = [...environment.problems];
  if (!isMap(source.document)) {
    problems.push({
      component: "stack",
      path: "groundplan:stack",
      value: source.document,
      rule: "a map with topology, target and profile",
      fix: "write the settings of this environment below config, groundplan:stack",
      origin: source.file,
      code: source.document === undefined ? "GP312" : "GP310",
    });
    return { problems };
  }
  const merged = { ...written, ...mergedMaps(written, environment.document) };
  const origins: Record<string, string> = {};
  for (const key of Object.keys(written)) origins[key] = source.file;
  Object.assign(origins, environment.origins);
  const parsed = stackSchema.safeParse(merged);
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => asProblems(issue, merged, origins)));
  if (parsed.success) problems.push(...groundProblems(parsed.data, source.file));
  if (!parsed.success || problems.length > 0) return { problems };
  return { settings: freeze(asSettings(source, parsed.data, profileName, environment.components, origins)), problems: [] };
}

function asSettings(
  source: SettingsSource,
  document: StackDocument,
  profile: keyof typeof profiles,
  environmentOverrides: StackSettings["environmentOverrides"],
  origins: Record<string, string>,
): StackSettings {
  const { topology, target, mirror, mirrorDigests = false, egress } = document;
  return {
    project: source.project,
    env: source.env,
    isolation: document.isolation ?? "",
    topology,
    target,
    profile: document.publishData === undefined ? profiles[profile] : { ...profiles[profile], publishData: document.publishData },
    images: { ...(mirror ? { mirror, mirrorDigests } : {}), overrides: document.images ?? {} },
    ports: document.ports ?? {},
    ...(egress ? { egress } : {}),
    subnetPool: document.subnetPool ?? defaultSubnetPool,
    ...(document.kubernetes ? { kubernetes: document.kubernetes } : {}),
    ...(document.aws ? { aws: document.aws } : {}),
    components: document.components ?? {},
    retired: document.retired ?? [],
    environmentOverrides,
    origins: { isolation: "default", mirror: "default", ports: "default", subnetPool: "default", ...origins },
  };
}

/** A target needs to know where; and what only one of them has is not ignored by the others. */
function groundProblems({ target, kubernetes, aws, publishData }: StackDocument, file: string): Problem[] {
  if (publishData && target !== "docker") {
    const rule = "unset: ports of data systems are published by target docker alone";
    return [
      { component: "stack", path: "publishData", value: publishData, rule, fix: "remove it; kubectl port-forward reaches a Service", origin: file },
    ];
  }
  const missing = (path: string, rule: string, fix: string): Problem => ({
    component: "stack",
    path,
    value: undefined,
    rule,
    fix,
    origin: file,
    code: "GP312",
  });
  if (target === "kubernetes" && !kubernetes) {
    return [
      missing(
        "kubernetes.context",
        "the cluster of this environment, as a context of the kubeconfig",
        "write kubernetes: { context: <name> }; kubectl config get-contexts lists them",
      ),
    ];
  }
  if (target === "aws" && !aws) {
    return [
      missing(
        "aws",
        "region, account and zones of this environment",
        'write aws: { region: eu-central-1, accountId: "123456789012", zones: [eu-central-1a, eu-central-1b] }',
      ),
    ];
  }
  return [];
}

/** Maps of the environment join those of the file; everything else replaces it. */
function mergedMaps(written: Record<string, unknown>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(over).map(([key, value]) => {
      const before = written[key];
      return [key, isMap(before) && isMap(value) ? { ...before, ...mergedMaps(before, value) } : value];
    }),
  );
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly issues?: readonly { readonly message: string }[];
  /** Of a check of ours that knows what to do about it. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

function asProblems(issue: Issue, document: Record<string, unknown>, origins: Record<string, string>): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return (issue.keys ?? []).map((key) => {
      const guess = nearest(key, known);
      return problem(
        [...issue.path, key],
        document,
        origins,
        `a known setting: ${known.join(", ")}`,
        guess ? `did you mean ${guess}?` : "remove it",
        "GP311",
      );
    });
  }
  const value = at(document, issue.path);
  if (issue.code === "invalid_value") {
    const allowed = (issue.values ?? []).map(String);
    const guess = typeof value === "string" ? nearest(value, allowed) : undefined;
    const fix = guess ? `did you mean ${guess}?` : `choose ${allowed.join(" or ")}`;
    return [problem(issue.path, document, origins, `one of ${allowed.join(", ")}`, fix, kindOf(issue, value))];
  }
  const rule = issue.issues?.[0]?.message ?? issue.message;
  const name = issue.path.map(String).join(".");
  if (typeof issue.params?.fix === "string") return [problem(issue.path, document, origins, rule, issue.params.fix, kindOf(issue, value))];
  return [problem(issue.path, document, origins, rule, value === undefined ? `give ${name}` : `change ${name} to ${rule}`, kindOf(issue, value))];
}

/** An image that is one in form, and any other value that breaks its rule. */
function kindOf({ path: [setting] }: Issue, value: unknown): ProblemCode {
  if (value === undefined) return "GP312";
  return setting === "images" && typeof value === "string" ? "GP316" : "GP310";
}

/** The settings that there are below a path of the document. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const schema = path.reduce<unknown>((here, key) => unwrap((here as { shape: Record<PropertyKey, unknown> }).shape[key]), stackSchema);
  // What is there only to say that it is not built is no setting to suggest.
  return Object.entries((schema as { shape: Record<string, unknown> }).shape)
    .filter(([, value]) => !(unwrap(value) instanceof ZodUnknown))
    .map(([key]) => key);
}

const unwrap = (schema: unknown): unknown => (schema instanceof ZodOptional ? schema.unwrap() : schema);

function problem(
  path: readonly PropertyKey[],
  document: Record<string, unknown>,
  origins: Record<string, string>,
  rule: string,
  fix: string,
  code: ProblemCode = "GP310",
): Problem {
  const origin = origins[path.slice(0, 2).map(String).join(".")] ?? origins[String(path[0])];
  const text = path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`)).join("");
  return { component: "stack", path: text, value: at(document, path), rule, fix, code, ...(origin ? { origin } : {}) };
}

const at = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (here, key) => (typeof here === "object" && here !== null ? (here as Record<PropertyKey, unknown>)[key] : undefined),
    document,
  );

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
