import type { Plan, PlanResource } from "../../../src/preview/plan.ts";

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One statement of one policy in the plan. */
export interface PlannedStatement {
  readonly resource: PlanResource;
  readonly input: string;
  readonly statement: PolicyStatement;
}

/** Every string input that is meant as JSON, parsed. Throws on what is none. */
export function jsonInputs(plan: Plan): { readonly resource: PlanResource; readonly input: string; readonly value: unknown }[] {
  return plan.resources
    .filter(({ type }) => type.startsWith("aws:"))
    .flatMap((resource) =>
      Object.entries(resource.inputs).flatMap(([input, text]) => {
        if (typeof text !== "string" || !/^\s*[[{]/.test(text)) return [];
        try {
          return [{ resource, input, value: JSON.parse(text) as unknown }];
        } catch {
          throw new Error(`${resource.name}: ${input} is no JSON: ${text.slice(0, 200)}`);
        }
      }),
    );
}

/** The statements of all policies: of roles, who may take them, keys, queues, topics, endpoints. */
export function statementsOf(plan: Plan): PlannedStatement[] {
  return jsonInputs(plan).flatMap(({ resource, input, value }) => {
    const statements = (value as { Statement?: readonly PolicyStatement[] }).Statement;
    return statements ? statements.map((statement) => ({ resource, input, statement })) : [];
  });
}

/** Where a statement is wider than a name: `RolePolicy StartTask Resource task-definition/x:*`. */
export function wildcardsOf(plan: Plan): string[] {
  return statementsOf(plan).flatMap(({ resource, statement }) => {
    const { Principal, Action, Resource } = statement;
    const fields = {
      Principal: Principal === undefined || Principal === "*" ? [Principal ?? ""] : Object.values(Principal).flat(),
      Action,
      Resource,
    };
    const type = resource.type.split(":").at(-1) ?? "";
    return Object.entries(fields).flatMap(([field, values]) =>
      [values ?? []].flat().flatMap((value) => (value.includes("*") ? [`${type} ${statement.Sid} ${field} ${value}`] : [])),
    );
  });
}
