import type { Plan, PlanResource } from "../../../src/preview/plan.ts";
import { statementsOf } from "../aws/policies.ts";

interface Rule {
  readonly securityGroupId: string;
  readonly referencedSecurityGroupId?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly ipProtocol: string;
}

const ofType = (plan: Plan, type: string) => plan.resources.filter((resource) => resource.type === type);
const rulesOf = (plan: Plan, direction: "Ingress" | "Egress") =>
  ofType(plan, `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`).map(({ inputs }) => inputs as unknown as Rule);

const component = ({ inputs }: PlanResource) => (inputs.tags as Record<string, string> | undefined)?.["groundplan:component"] ?? "";

/** Security groups by id, with the component that they belong to. */
function groupsOf(plan: Plan): ReadonlyMap<string, string> {
  return new Map(ofType(plan, "aws:ec2/securityGroup:SecurityGroup").map((group) => [group.id, component(group)]));
}

/** Every pair of components of which one may reach the other, by groups or by roles: `api -> db:5432`. */
export const allowedOnAws = (plan: Plan): string[] => [...new Set([...allowedByGroups(plan), ...allowedByRoles(plan)])];

/**
 * Pairs whose role lets the one act on what is the other's: an API of AWS is called on port 443. Whose a queue or a topic
 * is must be known; what else a role names and nobody owns (keys, log groups by name) is no way to another component.
 */
function allowedByRoles(plan: Plan): string[] {
  // A version of a secret answers with the ARN of the secret, and has no tags.
  const owned = plan.resources.filter((resource) => component(resource) !== "");
  const owners = new Map(owned.map((resource) => [String(resource.outputs.arn), component(resource)]));
  const roles = new Map(ofType(plan, "aws:iam/role:Role").map((role) => [role.inputs.name, component(role)]));
  return statementsOf(plan).flatMap(({ resource, statement }) => {
    if (resource.type !== "aws:iam/rolePolicy:RolePolicy" || statement.Effect !== "Allow") return [];
    const from = roles.get(resource.inputs.role) ?? "nobody";
    const messages = [statement.Action].flat().some((action) => /^(sqs|sns):/.test(action));
    return [statement.Resource ?? []].flat().flatMap((arn) => {
      const to = owners.get(arn) ?? (messages ? arn : from);
      return to === from ? [] : [`${from} -> ${to}:443`];
    });
  });
}

/** Pairs whose groups let one open a connection to a port of the other, on both sides. */
function allowedByGroups(plan: Plan): string[] {
  const groups = groupsOf(plan);
  const outgoing = rulesOf(plan, "Egress");
  return rulesOf(plan, "Ingress").flatMap((rule) => {
    const [from, to] = [groups.get(rule.referencedSecurityGroupId ?? ""), groups.get(rule.securityGroupId)];
    if (!from || !to || from === to) return [];
    const agreed = outgoing.some(
      (out) =>
        out.securityGroupId === rule.referencedSecurityGroupId &&
        out.referencedSecurityGroupId === rule.securityGroupId &&
        out.fromPort === rule.fromPort &&
        out.toPort === rule.toPort,
    );
    return agreed ? [`${from} -> ${to}:${rule.fromPort}${rule.toPort === rule.fromPort ? "" : `-${rule.toPort}`}`] : [];
  });
}
