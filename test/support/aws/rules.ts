import { componentsOf, type Plan } from "../../../src/preview/plan.ts";

interface RuleInputs {
  readonly securityGroupId: string;
  readonly referencedSecurityGroupId?: string;
  readonly cidrIpv4?: string;
  readonly prefixListId?: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly ipProtocol: string;
  readonly description: string;
}

/** Why a rule of a security group is there, from the plan and not from its description. */
export type Reason = "binding" | "within the component" | "endpoint of AWS" | "S3 endpoint" | "declared egress" | "image" | "untraced";

export interface TracedRule {
  readonly name: string;
  readonly reason: Reason;
  readonly rule: RuleInputs;
}

const direction = /^aws:vpc\/securityGroup(Ingress|Egress)Rule:/;

/** Every rule of the plan with its reason. */
export function tracedRules(plan: Plan): TracedRule[] {
  const groups = new Map(
    plan.resources
      .filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup")
      .map(({ id, inputs }) => [id, (inputs.tags as Record<string, string>)["groundplan:component"]] as const),
  );
  /** Names of workloads of several, which bindings name. */
  const workloads = new Map(
    plan.resources
      .filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup")
      .map(({ id, name }) => [id, name.replace(/-group$/, "")] as const),
  );
  const digests = new Map(componentsOf(plan).map(({ name, outputs }) => [name, outputs]));
  const bindings = [...digests].flatMap(([name, { bindings = {} }]) =>
    Object.values(bindings as Record<string, string>).map((to) => `${name} -> ${to}`),
  );
  const egress = (component: string) =>
    ((digests.get(component)?.egress ?? []) as string[]).map((address) => Number(address.slice(address.lastIndexOf(":") + 1)));
  /** Whether a task of the component has an image from elsewhere than ECR, or an instance that runs a container. */
  const pullsOutside = (component: string) =>
    plan.resources.some(({ type, inputs }) => {
      if ((inputs.tags as Record<string, string> | undefined)?.["groundplan:component"] !== component) return false;
      if (type === "aws:ec2/instance:Instance") return true;
      const images = [...String(inputs.containerDefinitions ?? "").matchAll(/"image":"([^"]+)"/g)].map(([, image = ""]) => image);
      return images.some((image) => !/^\d{12}\.dkr\.ecr\./.test(image));
    });
  const s3 = plan.resources.find(({ name }) => name === "endpoint-s3")?.outputs.prefixListId;
  const reasonOf = (rule: RuleInputs, incoming: boolean): Reason => {
    if (rule.ipProtocol !== "tcp" || rule.fromPort !== rule.toPort) return "untraced";
    const [own, other] = [groups.get(rule.securityGroupId), groups.get(rule.referencedSecurityGroupId ?? "")];
    const [from, to] = incoming ? [other, own] : [own, other];
    if (rule.referencedSecurityGroupId !== undefined) {
      if (!groups.has(rule.referencedSecurityGroupId) || !groups.has(rule.securityGroupId)) return "untraced";
      if (to === undefined && from !== undefined) return rule.fromPort === 443 ? "endpoint of AWS" : "untraced";
      if (from === to) return "within the component";
      const server = workloads.get((incoming ? rule.securityGroupId : rule.referencedSecurityGroupId) ?? "");
      const bound = [to, server].some((name) => bindings.includes(`${from} -> ${name}:${rule.fromPort}`));
      return bound ? "binding" : "untraced";
    }
    if (incoming) return "untraced";
    if (rule.prefixListId !== undefined) return rule.prefixListId === s3 && rule.fromPort === 443 ? "S3 endpoint" : "untraced";
    if (own !== undefined && egress(own).includes(rule.fromPort)) return "declared egress";
    return rule.fromPort === 443 && own !== undefined && pullsOutside(own) ? "image" : "untraced";
  };
  return plan.resources.flatMap(({ type, name, inputs }) => {
    const [, way] = direction.exec(type) ?? [];
    if (way === undefined) return [];
    const rule = inputs as unknown as RuleInputs;
    return [{ name, rule, reason: reasonOf(rule, way === "Ingress") }];
  });
}
