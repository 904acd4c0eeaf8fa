import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { profiles as settledProfiles } from "../../../src/config/profiles.ts";
import type { Plan, PlanResource } from "../../../src/preview/plan.ts";
import type { ProfileName } from "../grounds.ts";
import { jsonInputs, statementsOf, wildcardsOf } from "./policies.ts";
import { wide, withoutSource } from "./reasons.ts";
import { tracedRules } from "./rules.ts";
import { tasksOf } from "./tasks.ts";

/** The engine's word for a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** Whether a type has tags of its own, as the SDK says. */
function takesTags(type: string): boolean {
  const [, path = "", name = ""] = type.split(":");
  const text = readFileSync(join(sdk, `${path}.d.ts`), "utf8");
  return /^\s+tags\?:/m.test(text.slice(text.indexOf(`export interface ${name}Args`)));
}

const resources = (plan: Plan, type: string): PlanResource[] => plan.resources.filter((resource) => resource.type === type);

export interface AwsPlanFacts {
  readonly profile: ProfileName;
  /** Names of everything begin with it. */
  readonly prefix: string;
  /** Services that a key lets in beside the account: `messages-key sns.amazonaws.com`. */
  readonly keyUsers: readonly string[];
  /** What is fewer than this is no plan of that topology. */
  readonly atLeast: { readonly tasks: number };
}

/** The rules that every plan for AWS keeps, whatever it is of. */
export const describeAwsPlan = (what: string, planned: () => Promise<Plan>, { profile, prefix, keyUsers, atLeast }: AwsPlanFacts) =>
  describe(what, () => {
    let plan: Plan;
    beforeAll(async () => {
      plan = await planned();
    });

    test("is whole: nothing is unknown, and every resource has the explicit provider", () => {
      expect(JSON.stringify(plan)).not.toContain(unknown);
      const strays = plan.resources.filter(({ type, provider }) => type.startsWith("aws:") && !provider?.includes("::aws-provider::"));
      expect(strays.map(({ name }) => name)).toEqual([]);
    });

    test("has valid JSON wherever JSON is meant", () => {
      expect(jsonInputs(plan).length).toBeGreaterThan(20);
    });

    test("gives no permission that is wider than a name, save those with a reason", () => {
      const unreasoned = wildcardsOf(plan).filter((found) => !wide.some(({ what }) => what.test(found)));
      expect(unreasoned).toEqual([]);
    });

    test("lets roles be taken by services, in the name of this account", () => {
      const trusts = statementsOf(plan).filter(({ input }) => input === "assumeRolePolicy");
      expect(trusts.length).toBeGreaterThan(5);
      for (const { resource, statement } of trusts) {
        const { Service = "" } = statement.Principal as Record<string, string>;
        expect(Service, resource.name).toMatch(/^[a-z0-9.-]+\.amazonaws\.com$/);
        if (Service in withoutSource) {
          expect(statement.Condition, resource.name).toBeUndefined();
          continue;
        }
        expect(statement.Condition, resource.name).toMatchObject({ StringEquals: { "aws:SourceAccount": "123456789012" } });
      }
    });

    test("lets nobody use a key but the account and the services that need it, and whoever reads a secret open its key", () => {
      const statements = statementsOf(plan);
      const users = statements.flatMap(({ resource, statement }) =>
        resource.type === "aws:kms/key:Key"
          ? Object.values(statement.Principal as Record<string, string>).map((who) => `${resource.name} ${who}`)
          : [],
      );
      const account = "arn:aws:iam::123456789012:root";
      expect(users.filter((user) => !user.endsWith(account)).toSorted()).toEqual(keyUsers);
      // Without its own account a key can be administered by nobody.
      for (const { name } of resources(plan, "aws:kms/key:Key")) expect(users).toContain(`${name} ${account}`);
      const key = resources(plan, "aws:kms/key:Key").find(({ name }) => name === "secrets-key")?.outputs.arn;
      const readers = statements.filter(({ statement }) => [statement.Action].flat().includes("secretsmanager:GetSecretValue"));
      expect(readers.length).toBeGreaterThan(2);
      for (const reader of readers) {
        const decrypts = statements.some(
          ({ resource, statement }) =>
            resource === reader.resource && [statement.Action].flat().includes("kms:Decrypt") && [statement.Resource].flat().includes(String(key)),
        );
        expect(decrypts, reader.resource.name).toBe(true);
      }
      for (const { name, inputs } of resources(plan, "aws:secretsmanager/secret:Secret")) expect(inputs.kmsKeyId, name).toBe(key);
    });

    test("opens no port without a binding, a declaration, an endpoint or an image", () => {
      const rules = tracedRules(plan);
      expect(rules.filter(({ reason }) => reason === "untraced")).toEqual([]);
      const wide = rules.filter(({ rule, reason }) => rule.cidrIpv4 !== undefined && reason !== "listener");
      expect(wide.every(({ rule }) => rule.fromPort === 443)).toBe(true);
      const inline = resources(plan, "aws:ec2/securityGroup:SecurityGroup").filter(({ inputs }) => "ingress" in inputs || "egress" in inputs);
      expect(inline).toEqual([]);
      expect(resources(plan, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").map(({ inputs }) => [inputs.ingress, inputs.egress])).toEqual([
        [[], []],
      ]);
    });

    test("starts no task before the ways that it needs are open", () => {
      const endpoints = resources(plan, "aws:ec2/securityGroup:SecurityGroup").find(({ name }) => name === "endpoints-group")?.id;
      const egress = resources(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
      const started = [
        ...resources(plan, "aws:ecs/service:Service").map((of) => [
          of,
          (of.inputs.networkConfiguration as { securityGroups: string[] }).securityGroups,
        ]),
        ...resources(plan, "aws:lambda/invocation:Invocation")
          .map((of) => [of, JSON.parse(String(of.inputs.input)).securityGroups])
          // One that hands over dashboards starts no task.
          .filter(([of]) => !String(of.name).endsWith("-grafana-import")),
      ] as [PlanResource, string[]][];
      expect(started.length).toBeGreaterThanOrEqual(atLeast.tasks - 1);
      for (const [task, groups] of started) {
        const own = egress.filter(({ inputs }) => groups.includes(String(inputs.securityGroupId)));
        expect(own.filter(({ urn }) => !task.dependencies.includes(urn)).map(({ name }) => name)).toEqual([]);
        expect(own.map(({ inputs }) => inputs.referencedSecurityGroupId)).toContain(endpoints);
        if (own.some(({ inputs }) => inputs.cidrIpv4)) expect(task.dependencies.some((urn) => urn.endsWith("::private-to-internet"))).toBe(true);
      }
    });

    test("runs tasks that ECS takes, confined", () => {
      const tasks = tasksOf(plan);
      expect(tasks.length).toBeGreaterThanOrEqual(atLeast.tasks);
      for (const { resource, containers } of tasks) {
        expect(resource.inputs).toMatchObject({ networkMode: "awsvpc", requiresCompatibilities: ["FARGATE"] });
        for (const { name, user, readonlyRootFilesystem } of containers) {
          expect(readonlyRootFilesystem, name).toBe(true);
          // Writing into a volume of Fargate takes its owner, without a capability.
          if (!/-files$|-checkout-/.test(name)) expect(user, name).not.toMatch(/^0:/);
        }
      }
    });

    test("rings for the memory of a service before its container is killed, and not long before", () => {
      const services = resources(plan, "aws:ecs/service:Service");
      expect(services.length).toBeGreaterThan(0);
      for (const { name } of services) {
        const part = name.replace(/-service$/, "");
        const { resource, containers } = tasksOf(plan).find((task) => task.resource.name === `${part}-task`) ?? {};
        const main = containers?.find((container) => container.name === part);
        const alarm = resources(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").find((of) => of.name === `${part}-memory-alarm`);
        // ECS compares with the memory of the task; the container is killed at its own.
        const killedAt = (100 * (main?.memory ?? 0)) / Number(resource?.inputs.memory);
        expect(alarm?.inputs.metricName).toBe("MemoryUtilization");
        expect(alarm?.inputs.threshold, part).toBeLessThan(killedAt);
        // What its helpers take is counted, too: with a small share of the task they would ring it alone.
        expect(alarm?.inputs.threshold, part).toBeGreaterThan(75);
      }
    });

    test("keeps what is secret out of task definitions and variables that are shown", () => {
      const credentials = plan.credentials.map(({ value }) => value);
      expect(credentials.length).toBeGreaterThan(0);
      for (const { resource, containers } of tasksOf(plan)) {
        const text = JSON.stringify(containers);
        expect(
          credentials.filter((value) => text.includes(value)),
          resource.name,
        ).toEqual([]);
      }
      const open = plan.resources
        .filter(({ type }) => type.startsWith("aws:"))
        .flatMap(({ name, inputs, secretInputs }) =>
          Object.entries(inputs).flatMap(([key, value]) => {
            const hidden = secretInputs.some((path) => path === key || path.startsWith(`${key}[`) || path.startsWith(`${key}.`));
            return !hidden && credentials.some((credential) => JSON.stringify(value)?.includes(credential)) ? [`${name}.${key}`] : [];
          }),
        );
      expect(open).toEqual([]);
    });

    test("tags all that can be tagged", () => {
      const untagged = plan.resources
        .filter(({ type, inputs }) => type.startsWith("aws:") && "tags" in inputs)
        .filter(({ inputs }) => (inputs.tags as Record<string, string>)["groundplan:stack"] !== prefix);
      expect(untagged.map(({ name }) => name)).toEqual([]);
      const bare = plan.resources.filter(({ type, inputs }) => type.startsWith("aws:") && takesTags(type) && !("tags" in inputs));
      expect(bare.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    });

    test("declares each log group before its writer, encrypted, with an end", () => {
      const groups = resources(plan, "aws:cloudwatch/logGroup:LogGroup");
      for (const { name, inputs } of groups)
        expect(inputs, name).toMatchObject({ kmsKeyId: expect.stringContaining(":key/"), retentionInDays: expect.any(Number) });
      const names = groups.map(({ inputs }) => inputs.name);
      const [cluster] = resources(plan, "aws:ecs/cluster:Cluster");
      const insights = groups.find(({ inputs }) => inputs.name === `/aws/ecs/containerinsights/${prefix}/performance`);
      expect(insights !== undefined && cluster?.dependencies.includes(insights.urn)).toBe(settledProfiles[profile].guardData);
      for (const { resource, containers } of tasksOf(plan)) {
        for (const { logConfiguration } of containers) expect(names, resource.name).toContain(logConfiguration.options["awslogs-group"]);
        expect(
          resource.dependencies.some((urn) => urn.includes("LogGroup")),
          resource.name,
        ).toBe(true);
      }
    });

    test("spreads over the zones of its profile", () => {
      const { zones, nat: way } = settledProfiles[profile].aws;
      expect(resources(plan, "aws:ec2/subnet:Subnet")).toHaveLength(3 * zones);
      expect(resources(plan, "aws:ec2/subnet:Subnet").filter(({ inputs }) => inputs.mapPublicIpOnLaunch !== false)).toEqual([]);
      const nat = resources(plan, "aws:ec2/natGateway:NatGateway").map(({ inputs }) => inputs.availabilityMode);
      expect(nat).toEqual([way === "regional" ? "regional" : "zonal"]);
      // A gateway without a way to the internet fails.
      const [gateway] = resources(plan, "aws:ec2/natGateway:NatGateway");
      expect(gateway?.dependencies.some((urn) => urn.endsWith("::public-to-internet"))).toBe(true);
    });
  });
