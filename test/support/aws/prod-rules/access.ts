import type { PlanResource } from "../../../../src/preview/plan.ts";
import { is, names, protectedData, type Rows, same, statements } from "./rule.ts";

/** Policies of AWS that roles have, each with the reason. */
const ofAws: Readonly<Record<string, string>> = {
  "service-role/AWSBackupServiceRolePolicyForBackup": "what AWS Backup does it may change",
  "service-role/AWSBackupServiceRolePolicyForRestores": "what AWS Backup does it may change",
  AWSBackupServiceRolePolicyForS3Backup: "what AWS Backup does it may change",
  AWSBackupServiceRolePolicyForS3Restore: "what AWS Backup does it may change",
};

const own = "a part of the library: its resources have rows of their own";
const role = names("role", "aws:iam/role:Role", ({ inputs }: PlanResource) => inputs.name);
const replace = (what: string, by: string) => ({ inputs: { policy: (was: string) => was.replace(what, by) } });

export const access: Rows = {
  "aws:iam/role:Role": [
    {
      says: "is taken by one service of AWS, and by nobody else",
      holds: ({ inputs }) => {
        const trusts = statements(inputs.assumeRolePolicy);
        return (
          trusts.length === 1 && trusts.every(({ Principal }) => /^\{"Service":"[a-z0-9.-]+\.amazonaws\.com"\}$/.test(JSON.stringify(Principal)))
        );
      },
      faults: [{ inputs: { assumeRolePolicy: (was: string) => was.replace(/\{"Service":"[^"]+"\}/, '{"AWS":"*"}') } }],
    },
    {
      says: "has its permissions beside it",
      holds: ({ inputs }) => inputs.inlinePolicies === undefined && inputs.managedPolicyArns === undefined,
      faults: [{ inputs: { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] } }],
    },
  ],
  "aws:iam/rolePolicy:RolePolicy": [
    {
      says: "allows no actions by a wildcard",
      holds: ({ inputs }) =>
        statements(inputs.policy).every(({ Action }) => [Action].flat().every((action) => /^[a-z0-9-]+:[A-Za-z]+$/.test(action))),
      faults: [replace('"logs:CreateLogStream"', '"logs:*"'), replace('"logs:CreateLogStream"', '"*"')],
    },
    {
      says: "gives roles only to tasks, by their names",
      holds: ({ inputs }) =>
        statements(inputs.policy).every(({ Action, Resource, Condition }) => {
          if (![Action].flat().some((action) => action.startsWith("iam:"))) return true;
          return (
            same([Action].flat(), ["iam:PassRole"]) &&
            [Resource ?? "*"].flat().every((arn) => !arn.includes("*")) &&
            same(Condition, { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } })
          );
        }),
      faults: [
        { at: ({ name }) => name === "nats-streams-runner-policy", ...replace('"iam:PassedToService":"ecs-tasks.amazonaws.com"', "") },
        { at: ({ name }) => name === "nats-streams-runner-policy", ...replace('"iam:PassRole"', '"iam:AttachRolePolicy"') },
      ],
    },
    {
      says: "reads secrets by their names",
      holds: ({ inputs }) =>
        statements(inputs.policy).every(
          ({ Action, Resource }) =>
            ![Action].flat().some((action) => action.startsWith("secretsmanager:")) || !JSON.stringify(Resource).includes("*"),
        ),
      faults: [
        {
          at: ({ inputs }) => String(inputs.policy).includes("secretsmanager:GetSecretValue"),
          inputs: { policy: (was: string) => was.replace(/"arn:aws:secretsmanager:[^"]+"/, '"*"') },
        },
      ],
    },
    role,
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    {
      says: "is a policy of AWS with a reason",
      holds: ({ inputs }) => String(inputs.policyArn).replace("arn:aws:iam::aws:policy/", "") in ofAws,
      faults: [{ inputs: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } }],
    },
    role,
  ],
  "aws:iam/instanceProfile:InstanceProfile": [role],
  "pulumi:providers:aws": [is("allowedAccountIds", '["123456789012"]', "[]"), is("region", "eu-central-1")],
  "pulumi:providers:docker": "builds images on this machine",
  "pulumi:providers:tls": "has no settings",
  "pulumi:pulumi:Stack": "the stack itself",
  "docker:index/image:Image": "is built on this machine; where it goes is asked of the repository",
  "random:index/randomPassword:RandomPassword": [
    {
      says: "is too long to be guessed",
      holds: ({ inputs }) => Number(inputs.length) >= 24,
      faults: [{ inputs: { length: 8 } }],
    },
    protectedData,
  ],
  "random:index/randomId:RandomId": [protectedData],
  "tls:index/privateKey:PrivateKey": [is("algorithm", "ECDSA", "RSA"), is("ecdsaCurve", "P256", "P224")],
  "tls:index/certRequest:CertRequest": [
    {
      says: "has its key marked as a secret",
      holds: ({ secretInputs }) => secretInputs.includes("privateKeyPem"),
      faults: [{ resource: { secretInputs: [] } }],
    },
  ],
  "tls:index/locallySignedCert:LocallySignedCert": [is("allowedUses", ["digital_signature", "server_auth", "client_auth"], ["server_auth"])],
  "tls:index/selfSignedCert:SelfSignedCert": [is("allowedUses", ["cert_signing", "crl_signing"], ["any_extended"])],
  ...Object.fromEntries(
    [
      "AppService",
      "AwsPlatform",
      "NatsCluster",
      "NatsTemporalBridge",
      "ObservabilityStack",
      "OpaServer",
      "PostgresDb",
      "RedisCache",
      "ServiceMeshGateway",
      "TemporalServer",
    ].map((name) => [`groundplan:index:${name}`, own]),
  ),
};
