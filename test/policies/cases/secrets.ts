import { type PolicyCases, resource } from "../cases.ts";

const lambda = (variables: Record<string, unknown>, secretInputs: string[] = []) => [
  resource("aws:lambda/function:Function", "mailer", { handler: "index.handler", environment: { variables } }, { secretInputs }),
];
const container = (envs: unknown, secretInputs: string[] = []) => [resource("docker:index/container:Container", "web", { envs }, { secretInputs })];
const broker = (password: unknown) => [resource("aws:mq/broker:Broker", "queue", { users: [{ username: "suppliers", password }] })];
const config = (type: string, inputs: Record<string, unknown>) => [resource(type, "settings", inputs)];
const provider = (inputs: Record<string, unknown>) => [resource("pulumi:providers:aws", "account", { region: "eu-central-1", ...inputs })];
const parameter = (name: string, type: unknown) => [resource("aws:ssm/parameter:Parameter", "setting", { name, type, value: "x" })];
const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE";
const address = "postgres://shop:hunter2@db:5432/shop";

export const secretCases: Readonly<Record<string, PolicyCases>> = {
  "no-plaintext-secrets": {
    compliant: [
      {
        title: "a secret that is marked, and references to others",
        resources: lambda(
          {
            SMTP_PASSWORD: "from-a-secret-output",
            API_KEY: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:api-key",
            SMTP_PASSWORD_FILE: "/run/secrets/smtp",
            DB_PASSWORD: "/run/secrets/db",
            DATABASE_URL: "postgres://shop@db:5432/shop",
          },
          ["environment.variables.SMTP_PASSWORD"],
        ),
      },
      {
        title: "settings that only speak of tokens",
        resources: config("aws:ec2/launchTemplate:LaunchTemplate", { metadataOptions: { httpTokens: "required" } }),
      },
      { title: "a token that opens nothing", resources: config("aws:efs/fileSystem:FileSystem", { creationToken: "uploads" }) },
      {
        title: "a value below a marked one",
        resources: [resource("aws:mq/broker:Broker", "queue", { users: [{ password: "hunter2" }] }, { secretInputs: ["users"] })],
      },
      { title: "an address whose password is filled in later", resources: lambda({ DATABASE_URL: "postgres://shop:[password]@db/shop" }) },
      {
        title: "what other policies look at",
        resources: [
          ...config("kubernetes:core/v1:ConfigMap", { data: { API_KEY: "hunter2" } }),
          ...container(["DB_PASSWORD=hunter2"]),
          ...config("aws:rds/instance:Instance", { password: "hunter2" }),
        ],
      },
    ],
    violating: [
      {
        title: "a password in an environment",
        resources: lambda({ SMTP_PASSWORD: "hunter2" }),
        finds: ["mailer: environment.variables.SMTP_PASSWORD"],
      },
      { title: "a password in a list", resources: broker("hunter2"), finds: ["queue: users[0].password"] },
      { title: "a password in an address", resources: lambda({ DATABASE: address }), finds: ["mailer: environment.variables.DATABASE"] },
      { title: "a private key under any name", resources: config("acme:index:Thing", { settings: { pem: key } }), finds: ["settings: settings.pem"] },
      {
        title: "a list of passwords",
        resources: config("aws:elasticache/user:User", { authenticationMode: { passwords: ["hunter2"] } }),
        finds: ["settings: authenticationMode.passwords[0]"],
      },
      { title: "a key of a service", resources: config("acme:index:Thing", { note: `AKIA${"A1".repeat(8)}` }), finds: ["settings: note"] },
      {
        title: "a mark beside it",
        resources: lambda({ TOKEN: "hunter2", TOKEN2: "x" }, ["environment.variables.TOKEN2"]),
        finds: ["mailer: environment.variables.TOKEN"],
      },
    ],
    reads: {
      "mailer: environment": [],
      "mailer: environment.variables.SMTP_PASSWORD": [],
      "mailer: environment.variables.API_KEY": [],
      "mailer: environment.variables.DATABASE_URL": [],
    },
  },
  "docker-env-secrets": {
    compliant: [
      {
        title: "a password in a file, and one that is marked",
        resources: container(
          ["POSTGRES_PASSWORD_FILE=/run/secrets/db", "DATABASE_URL=postgres://shop:filled-in@db/shop", "LOG_LEVEL=info"],
          ["envs[1]"],
        ),
      },
      { title: "settings of tokens", resources: container(["TOKEN_TTL=3600", "MAX_TOKENS=4096", "AWS_SECRET_ACCESS_KEY=unused", "API_TOKEN="]) },
    ],
    violating: [
      { title: "a password", resources: container(["POSTGRES_USER=wiki", "POSTGRES_PASSWORD=hunter2"]), finds: ["web: envs[1]"] },
      { title: "a password in an address", resources: container([`DATABASE_URL=${address}`]), finds: ["web: envs[0]"] },
      { title: "only another one marked", resources: container(["A_TOKEN=x1", "B_TOKEN=x2"], ["envs[0]"]), finds: ["web: envs[1]"] },
    ],
    reads: { "web: envs": [], "web: envs[2]": [] },
  },
  "provider-static-keys": {
    compliant: [
      { title: "a profile", resources: provider({ profile: "shop-prod" }) },
      { title: "keys of the environment", resources: provider({ accessKey: "", secretKey: "" }) },
    ],
    violating: [
      {
        title: "keys in the program",
        resources: provider({ accessKey: "AKIA", secretKey: "hunter2" }),
        finds: ["account: accessKey", "account: secretKey"],
      },
    ],
    reads: { "account: accessKey": [], "account: secretKey": [] },
  },
  "ssm-secure-string": {
    compliant: [
      { title: "a secret as SecureString", resources: parameter("/shop/payment/api-key", "SecureString") },
      { title: "a setting", resources: parameter("/shop/log-level", "String") },
    ],
    violating: [
      { title: "a secret as String", resources: parameter("/shop/payment/api-key", "String"), finds: ["setting: type"] },
      { title: "a password as a list", resources: parameter("/shop/db/password", "StringList"), finds: ["setting: type"] },
    ],
    reads: { "setting: type": ["setting: type"], "setting: name": [] },
  },
};
