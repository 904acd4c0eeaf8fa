import type {
  PolicyConfigSchema,
  PolicyPackArgs,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { findingOf, reasonOf } from "./evaluate.ts";
import type { PolicyFiles } from "./files.ts";
import {
  type Breach,
  type Context,
  type PlacedBreach,
  type Policy,
  type Resource,
  type ResourcePolicy,
  type StackPolicy,
  type Stage,
  stages,
} from "./model.ts";
import { settingsOf } from "./overrides.ts";
import { policyNotRun } from "./pack-not-run.ts";
import { waiverPolicies } from "./pack-waivers.ts";
import { beginLook, type Look, nothingSeen, type Seen } from "./seen.ts";
import { fits, stackOf, withEntries } from "./stack.ts";
import { isStage } from "./stage.ts";
import { applyWaivers } from "./waivers.ts";

export interface PackOptions extends PolicyFiles {
  readonly policies: readonly Policy[];
  /** Stage of what the configuration of the pack leaves open. */
  readonly stage: Stage;
  /** The day that waivers are judged on, `YYYY-MM-DD` in UTC. */
  readonly day: string;
}

/** The policies as the engine runs them: one for one, with the same ids and the same words; then what is said of waivers, and of what could not run. */
export function packOf(options: PackOptions): PolicyPackArgs {
  const seen = nothingSeen();
  return {
    displayName: "groundplan",
    description: "What must hold of a stack, by the stage that it stands at",
    policies: [
      ...options.policies.map((policy) => (policy.scope === "resource" ? resourcePolicy(policy, options, seen) : stackPolicy(policy, options, seen))),
      ...waiverPolicies(options, seen),
      policyNotRun(options.stage, seen),
    ],
  };
}

function resourcePolicy(policy: ResourcePolicy, options: PackOptions, seen: Seen): ResourceValidationPolicy {
  return {
    ...described(policy, options),
    validateResource: (args, reportViolation) => {
      seen.inputs.set(args.urn, args.props);
      if (policy.needsSecretMarks) args.notApplicable(noMarks);
      const context = contextOf(policy, options, args.getConfig());
      seen.called.set(policy.id, context.stage);
      const resources = withEntries([resourceOf(args)]).filter(({ type }) => fits(type, policy.types));
      if (resources.length === 0) args.notApplicable("it looks at resources of other types");
      const look = beginLook(seen, lookAt(policy, args.urn, context, options));
      const breaches = placed(resources, (resource) => policy.check(resource, context));
      tell(policy, breaches, options, look, reportViolation);
    },
  };
}

function stackPolicy(policy: StackPolicy, options: PackOptions, seen: Seen): StackValidationPolicy {
  return {
    ...described(policy, options),
    validateStack: (args, reportViolation) => {
      if (policy.needsSecretMarks) args.notApplicable(noMarks);
      const context = contextOf(policy, options, args.getConfig());
      seen.called.set(policy.id, context.stage);
      // The engine shows them in no order; what is found, and where, must not change from run to run.
      const resources = args.resources.map((resource) => resourceInStack(resource, seen)).toSorted((a, b) => a.urn.localeCompare(b.urn));
      const look = beginLook(seen, lookAt(policy, undefined, context, options));
      tell(policy, policy.check(stackOf(withEntries(resources)), context), options, look, reportViolation);
    },
  };
}

const noMarks = "the engine does not tell a pack which inputs are marked secret; `groundplan policy` looks at them";

/** One by one: what is found before a value that is not known has been told when the SDK catches what that value throws. */
function tell(policy: Policy, breaches: Iterable<PlacedBreach>, { policies, waivers, day }: PackOptions, look: Look, report: ReportViolation): void {
  const { stage, level } = look;
  try {
    for (const { resource, ...breach } of breaches) {
      const finding = findingOf(policy, level, resource, breach, [resource]);
      look.findings.push(finding);
      const { open } = applyWaivers({ stage, findings: [finding], notRun: [], looked: {} }, waivers, policies, day);
      if (open.length > 0) report(finding.message, finding.urn);
    }
  } catch (error) {
    look.reason = reasonOf(error);
    throw error;
  }
}

/** The engine does not tell a pack which level its configuration sets: here it is that of the stage. */
function lookAt(policy: Policy, urn: string | undefined, { stage }: Context, { overrides }: PackOptions) {
  const level = settingsOf(stage, overrides).level(policy) === "mandatory" ? ("mandatory" as const) : ("advisory" as const);
  return { policy: policy.id, urn, stage, level };
}

function* placed(resources: readonly Resource[], check: (resource: Resource) => Iterable<Breach>): Generator<PlacedBreach> {
  for (const resource of resources) for (const breach of check(resource)) yield { ...breach, resource };
}

function described(policy: Policy, { stage, overrides }: PackOptions) {
  return {
    name: policy.id,
    displayName: policy.title,
    description: `${policy.title}. ${policy.fix}`,
    severity: policy.severity,
    enforcementLevel: settingsOf(stage, overrides).level(policy),
    remediationSteps: policy.fix,
    tags: [...policy.references],
    configSchema: schemaOf(policy, settingsOf(stage, overrides)),
  };
}

/** What `--policy-pack-config` may set of a policy, beside its level. */
function schemaOf(policy: Policy, settings: ReturnType<typeof settingsOf>): PolicyConfigSchema {
  const parameters = Object.entries(policy.parameters ?? {}).map(([name, { meaning, minimum, maximum }]) => [
    name,
    { type: "number" as const, description: meaning, minimum, maximum, default: settings.parameter(policy, name) },
  ]);
  return {
    properties: {
      stage: { type: "string", enum: [...stages], description: "Where the stack stands", default: settings.stage },
      ...Object.fromEntries(parameters),
    },
  };
}

/** What the configuration of the pack says of a policy goes before how the project sets it at the stage. */
function contextOf(policy: Policy, { stage, overrides }: PackOptions, config: Readonly<Record<string, unknown>>): Context {
  const settings = settingsOf(isStage(config.stage) ? config.stage : stage, overrides);
  return {
    stage: settings.stage,
    parameter: (name) => {
      const given = config[name];
      return typeof given === "number" ? given : settings.parameter(policy, name);
    },
  };
}

/** The engine says where inputs come from only when it shows the stack. */
const resourceOf = ({ urn, type, name, props, opts }: ResourceValidationArgs): Resource => ({
  urn,
  type,
  name,
  parent: opts.parent,
  inputs: props,
  protect: opts.protect,
  ignoreChanges: opts.ignoreChanges,
  propertyDependencies: {},
  secretInputs: undefined,
});

const resourceInStack = ({ urn, type, name, props, opts, parent, propertyDependencies }: PolicyResource, { inputs }: Seen): Resource => ({
  urn,
  type,
  name,
  parent: parent?.urn,
  inputs: inputs.get(urn) ?? props,
  protect: opts.protect,
  ignoreChanges: opts.ignoreChanges,
  propertyDependencies: Object.fromEntries(
    Object.entries(propertyDependencies).map(([input, sources]) => [input, sources.map((source) => source.urn)]),
  ),
  secretInputs: undefined,
});
