import { type PolicyCases, resource } from "../cases.ts";
import { awsKeyCases } from "./aws-keys.ts";

type Statement = Record<string, unknown>;
const document = (...statements: readonly Statement[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })) });
const policy = (...statements: readonly Statement[]) => resource("aws:iam/policy:Policy", "shop", { policy: document(...statements) });
const grant = (name: string) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "grant", { role: "shop", policyArn: `arn:aws:iam::aws:policy/${name}` });
const role = (statement: Statement, inputs: Record<string, unknown> = {}) =>
  resource("aws:iam/role:Role", "shop", { assumeRolePolicy: document({ Action: "sts:AssumeRole", ...statement }), ...inputs });
const service = (name: string) => ({ Principal: { Service: `${name}.amazonaws.com` } });
const account = { Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } };
const github = (condition: Record<string, unknown>) => ({
  Action: "sts:AssumeRoleWithWebIdentity",
  Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
  Condition: condition,
});
const subject = (value: string) => ({ StringLike: { "token.actions.githubusercontent.com:sub": value } });
const anyKey = "arn:aws:kms:eu-central-1:123456789012:key/*";
const roleArn = "arn:aws:iam::123456789012:role/shop-task";

export const awsIdentityCases: Readonly<Record<string, PolicyCases>> = {
  ...awsKeyCases,
  "iam-no-wildcards": {
    compliant: [
      {
        title: "what, and on what",
        resources: [
          policy(
            { Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::shop-uploads/*" },
            { Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-central-1:123456789012:key/0a1b" },
            { Action: "iam:PassRole", Resource: roleArn },
          ),
          resource("aws:iam/role:Role", "task", {
            inlinePolicies: [{ name: "log", policy: document({ Action: "logs:PutLogEvents", Resource: "*" }) }],
          }),
        ],
      },
      {
        title: "all of one bucket, reads of all",
        resources: [policy({ Action: "s3:*", Resource: "arn:aws:s3:::shop/*" }, { Action: ["ec2:Describe*", "s3:List*"], Resource: "*" })],
      },
      {
        title: "keys by their alias",
        resources: [policy({ Action: "kms:Decrypt", Resource: anyKey, Condition: { StringEquals: { "kms:ResourceAliases": "alias/shop" } } })],
      },
      {
        title: "users who change their own keys, roles within a boundary",
        resources: [
          policy(
            { Action: ["iam:CreateAccessKey", "iam:List*", "iam:Get*"], Resource: `arn:aws:iam::123456789012:user/${"$"}{aws:username}` },
            { Action: ["iam:CreateRole", "iam:TagRole"], Resource: "*" },
            { Action: "iam:Put*", Resource: "arn:aws:iam::123456789012:role/shop-*" },
            {
              Action: "iam:AttachRolePolicy",
              Resource: "*",
              Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/edge" } },
            },
          ),
        ],
      },
      {
        title: "whole services, of one account or folder",
        resources: [policy({ Action: "sqs:*", Resource: "arn:aws:sqs:*:123456789012:*" }, { Action: "s3:*", Resource: "arn:aws:s3:::shop-*" })],
      },
      { title: "a refusal", resources: [policy({ Effect: "Deny", Action: "*", Resource: "*" })] },
      { title: "a policy that only reads", resources: [grant("ReadOnlyAccess")] },
    ],
    violating: [
      { title: "everything on everything", resources: [policy({ Action: "*", Resource: "*" })], finds: ["shop: policy.Statement[0]"] },
      { title: "all of two services", resources: [policy({ Action: ["s3:*", "dynamodb:*"], Resource: "*" })], finds: ["shop: policy.Statement[0]"] },
      { title: "everything but one", resources: [policy({ NotAction: "iam:*", Resource: "*" })], finds: ["shop: policy.Statement[0]"] },
      {
        title: "everything, in other words",
        resources: [
          policy(
            { Action: "*", Resource: "arn:aws:*" },
            { Action: "*", Resource: ["arn:aws:s3:::shop/*", "arn:aws:*:*:*:*"] },
            { Action: "**", Resource: "**" },
            { Action: "*:*", Resource: "*" },
            { Action: "s3:*", Resource: "arn:aws:s3:::*" },
            { Action: "s3:**", Resource: ["arn:aws:s3:::*/*"] },
            { Action: "sqs:*", Resource: "arn:aws:sqs:*:*:*" },
          ),
        ],
        finds: [0, 1, 2, 3, 4, 5, 6].map((index) => `shop: policy.Statement[${index}]`),
      },
      {
        title: "permissions of one's own choice",
        resources: [
          policy(
            { Action: "iam:Put*", Resource: "*" },
            { Action: "iam:Attach*", Resource: "arn:aws:iam::123456789012:role/*" },
            { Action: "iam:Create*", Resource: "arn:aws:iam::*:user/*" },
            { Action: "iam:*Policy", Resource: "arn:aws:iam::123456789012:*" },
            { Action: ["iam:Get*", "iam:CreatePolicyVersion"], Resource: "*" },
            { Action: "iam:AttachUserPolicy", Resource: "*", Condition: { ArnLike: { "iam:PolicyARN": "arn:aws:iam::aws:policy/*" } } },
            { Action: "iam:AddUserToGroup", Resource: "*", Condition: { StringNotEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/Admin" } } },
          ),
        ],
        finds: [0, 1, 2, 3, 4, 5, 6].map((index) => `shop: policy.Statement[${index}]`),
      },
      {
        title: "any role",
        resources: [policy({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/*" })],
        finds: ["shop: policy.Statement[0]"],
      },
      { title: "every key", resources: [policy({ Action: "kms:De*", Resource: anyKey })], finds: ["shop: policy.Statement[0]"] },
      { title: "an administrator", resources: [grant("AdministratorAccess")], finds: ["grant: policyArn"] },
      {
        title: "in the role itself",
        resources: [
          resource("aws:iam/role:Role", "task", {
            inlinePolicies: [{ policy: document({ Action: "kms:*", Resource: "*" }) }],
            managedPolicyArns: ["arn:aws:iam::aws:policy/IAMFullAccess"],
          }),
        ],
        finds: ["task: inlinePolicies[0].policy.Statement[0]", "task: managedPolicyArns[0]"],
      },
      {
        title: "what is no policy",
        resources: [resource("aws:iam/rolePolicy:RolePolicy", "shop", { policy: "s3:*" })],
        finds: ["shop: policy"],
      },
    ],
    reads: { "shop: policy": ["shop: policy"], "task: inlinePolicies": [], "task: inlinePolicies[0].policy": ["task: inlinePolicies[0].policy"] },
  },
  "iam-trust-scoped": {
    compliant: [
      { title: "tasks of this account", resources: [role({ ...service("ecs-tasks"), ...account })] },
      { title: "EC2, which gives no source", resources: [role(service("ec2"))] },
      { title: "one account", resources: [role({ Principal: { AWS: "arn:aws:iam::210987654321:root" } })] },
      {
        title: "anybody of the organisation",
        resources: [role({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-0a1b" } } })],
      },
      { title: "one branch of one repository", resources: [role(github(subject("repo:acme/shop:ref:refs/heads/main")))] },
      {
        title: "repositories of one owner, but not all of them",
        resources: [role(github({ ...subject("repo:acme/*"), StringNotEquals: { "token.actions.githubusercontent.com:sub": "repo:acme/blog:*" } }))],
      },
    ],
    violating: [
      { title: "a service for any account", resources: [role(service("ecs-tasks"))], finds: ["shop: assumeRolePolicy.Statement[0]"] },
      {
        title: "a source that is any, or may be missing",
        resources: [
          { ArnLike: { "aws:SourceArn": "arn:aws:ecs:*:*:*" } },
          { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } },
          { StringNotEquals: { "aws:SourceAccount": "123456789012" } },
        ].map((Condition, index) => ({ ...role({ ...service("ecs-tasks"), Condition }), name: `shop${index}` })),
        finds: ["shop0", "shop1", "shop2"].map((name) => `${name}: assumeRolePolicy.Statement[0]`),
      },
      { title: "anybody", resources: [role({ Principal: { AWS: "*" } })], finds: ["shop: assumeRolePolicy.Statement[0]"] },
      {
        title: "every repository",
        resources: [role(github({ StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } }))],
        finds: ["shop: assumeRolePolicy.Statement[0]"],
      },
      { title: "every repository, by a pattern", resources: [role(github(subject("repo:*")))], finds: ["shop: assumeRolePolicy.Statement[0]"] },
      {
        title: "every subject but some, or none, and patterns that strangers meet",
        resources: [
          ...["StringNotEquals", "StringNotLike", "StringLikeIfExists", "ForAllValues:StringLike"].map((operator) => ({
            [operator]: { "token.actions.githubusercontent.com:sub": "repo:acme/shop:*" },
          })),
          ...["**", "repo:acme*", "repo*", "repo:?*/shop:*"].map(subject),
        ].map((condition, index) => ({ ...role(github(condition)), name: `shop${index}` })),
        finds: [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `shop${index}: assumeRolePolicy.Statement[0]`),
      },
    ],
    reads: { "shop: assumeRolePolicy": ["shop: assumeRolePolicy"] },
  },
};
