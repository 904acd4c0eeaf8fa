import { type PolicyCases, resource } from "../cases.ts";

type Inputs = Record<string, unknown>;
const policy = (principal: unknown, condition?: unknown) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "kms:*", Resource: "*", Condition: condition }],
  });
const ours = policy({ AWS: "arn:aws:iam::123456789012:root" });
const key = (inputs: Inputs) => resource("aws:kms/key:Key", "data", inputs);
const safe = { enableKeyRotation: true, deletionWindowInDays: 30, customerMasterKeySpec: "SYMMETRIC_DEFAULT", policy: ours };
const secret = (inputs: Inputs) => resource("aws:secretsmanager/secret:Secret", "database", inputs);
const kmsKeyId = "arn:aws:kms:eu-central-1:123456789012:key/0a1b";
const database = secret({ kmsKeyId });
const rotation = (rotationRules: Inputs) =>
  resource("aws:secretsmanager/secretRotation:SecretRotation", "monthly", { secretId: "id", rotationRules }, { from: { secretId: [database] } });

export const awsKeyCases: Readonly<Record<string, PolicyCases>> = {
  "kms-key-safe": {
    compliant: [
      { title: "a key of the account", resources: [key(safe)] },
      { title: "as the account decides", resources: [key({ enableKeyRotation: true })] },
      { title: "a key that signs", resources: [key({ customerMasterKeySpec: "RSA_4096", keyUsage: "SIGN_VERIFY" })] },
      { title: "seven days in staging", stage: "staging", resources: [key({ ...safe, deletionWindowInDays: 7 })] },
      {
        title: "anybody by way of one service",
        resources: [key({ ...safe, policy: policy("*", { StringEquals: { "kms:CallerAccount": "123456789012" } }) })],
      },
    ],
    violating: [
      {
        title: "never changed, deleted in a week",
        resources: [key({ deletionWindowInDays: 29 })],
        finds: ["data: enableKeyRotation", "data: deletionWindowInDays"],
      },
      { title: "anybody", resources: [key({ ...safe, policy: policy({ AWS: "*" }) })], finds: ["data: policy.Statement[0]"] },
      {
        title: "anybody, by a policy beside it",
        resources: [resource("aws:kms/keyPolicy:KeyPolicy", "open", { keyId: "0a1b", policy: policy("*") })],
        finds: ["open: policy.Statement[0]"],
      },
      { title: "what is no policy", resources: [key({ ...safe, policy: "everybody" })], finds: ["data: policy"] },
    ],
    reads: {
      "data: enableKeyRotation": ["data: enableKeyRotation"],
      "data: deletionWindowInDays": [],
      "data: customerMasterKeySpec": [],
      "data: policy": [],
    },
  },
  "secret-managed": {
    compliant: [
      { title: "a key of the account", resources: [secret({ kmsKeyId, recoveryWindowInDays: 7 })] },
      { title: "30 days, as AWS has it", resources: [database] },
    ],
    violating: [
      {
        title: "the key of AWS, and gone at once",
        resources: [secret({ recoveryWindowInDays: 0 })],
        finds: ["database: kmsKeyId", "database: recoveryWindowInDays"],
      },
      { title: "the key of AWS by its name", resources: [secret({ kmsKeyId: "alias/aws/secretsmanager" })], finds: ["database: kmsKeyId"] },
    ],
    reads: { "database: recoveryWindowInDays": [] },
  },
  "secret-rotated": {
    compliant: [
      { title: "changed every 90 days", resources: [database, rotation({ automaticallyAfterDays: 90 })] },
      { title: "changed by a timer", resources: [database, rotation({ scheduleExpression: "rate(30 days)" })] },
    ],
    violating: [
      { title: "never changed", resources: [database], finds: ["database: "] },
      { title: "changed too rarely", resources: [database, rotation({ automaticallyAfterDays: 91 })], finds: ["database: "] },
      { title: "changed at no time", resources: [database, rotation({})], finds: ["database: "] },
    ],
    reads: { "monthly: rotationRules": ["database: "], "monthly: rotationRules.automaticallyAfterDays": ["database: "] },
  },
};
