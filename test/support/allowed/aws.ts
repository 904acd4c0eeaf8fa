import type { Plan, PlanResource } from "../../../src/preview/plan.ts";

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

/** Security groups by id, with the component that they belong to. */
function groupsOf(plan: Plan): ReadonlyMap<string, string> {
  const component = ({ inputs }: PlanResource) => (inputs.tags as Record<string, string> | undefined)?.["groundplan:component"] ?? "";
  return new Map(ofType(plan, "aws:ec2/securityGroup:SecurityGroup").map((group) => [group.id, component(group)]));
}

/** Every pair of components whose groups let one open a connection to a port of the other, on both sides: `api -> db:5432`. */
export function allowedOnAws(plan: Plan): string[] {
  const groups = groupsOf(plan);
  const outgoing = rulesOf(plan, "Egress");
  const pairs = rulesOf(plan, "Ingress").flatMap((rule) => {
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
  return [...new Set(pairs)];
}
