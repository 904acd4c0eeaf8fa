import { type PolicyCases, resource } from "../cases.ts";

type Inputs = Record<string, unknown>;
export const task = (containers: readonly Inputs[], inputs: Inputs = {}) =>
  resource("aws:ecs/taskDefinition:TaskDefinition", "shop", {
    family: "shop",
    networkMode: "awsvpc",
    containerDefinitions: JSON.stringify(
      containers.map((container, index) => ({ name: index === 0 ? "web" : `side-${index}`, image: "acme/web:1.0.0", ...container })),
    ),
    ...inputs,
  });
const service = (inputs: Inputs) => resource("aws:ecs/service:Service", "shop", inputs);
const windows = { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } };
const files = { name: "files", essential: false, user: "0", linuxParameters: { capabilities: { drop: ["ALL"] } } };
const waits = (condition: string) => ({ user: "1000", dependsOn: [{ containerName: "files", condition }] });

export const awsTaskCases: Readonly<Record<string, PolicyCases>> = {
  "ecs-no-public-ip": {
    compliant: [
      { title: "tasks in private subnets", resources: [service({ networkConfiguration: { subnets: ["subnet-0a"], assignPublicIp: false } })] },
      { title: "nothing is said, which means none", resources: [service({ networkConfiguration: { subnets: ["subnet-0a"] } })] },
    ],
    violating: [
      {
        title: "tasks with public addresses",
        resources: [service({ networkConfiguration: { subnets: ["subnet-0a"], assignPublicIp: true } })],
        finds: ["shop: networkConfiguration.assignPublicIp"],
      },
      {
        title: "a task that a timer starts",
        resources: [
          resource("aws:scheduler/schedule:Schedule", "nightly", { target: { ecsParameters: { networkConfiguration: { assignPublicIp: true } } } }),
          resource("aws:cloudwatch/eventTarget:EventTarget", "hourly", { ecsTarget: { networkConfiguration: { assignPublicIp: "true" } } }),
        ],
        finds: ["nightly: target.ecsParameters.networkConfiguration.assignPublicIp", "hourly: ecsTarget.networkConfiguration.assignPublicIp"],
      },
    ],
    reads: { "shop: networkConfiguration": [], "shop: networkConfiguration.assignPublicIp": [] },
  },
  "ecs-no-privileged": {
    compliant: [
      {
        title: "a task of its own",
        resources: [
          task([{ privileged: false, linuxParameters: { capabilities: { add: [], drop: ["ALL"] } } }], {
            pidMode: "task",
            ipcMode: "none",
            volumes: [{ name: "data", hostPath: "/srv/data" }],
          }),
        ],
      },
    ],
    violating: [
      { title: "a privileged container", resources: [task([{ privileged: true }])], finds: ["shop: containerDefinitions[0].privileged"] },
      {
        title: "namespaces of the machine",
        resources: [task([{}], { networkMode: "host", pidMode: "host", ipcMode: "host" })],
        finds: ["shop: networkMode", "shop: pidMode", "shop: ipcMode"],
      },
      {
        title: "a capability and a device, in the second container",
        resources: [task([{}, { linuxParameters: { capabilities: { add: ["SYS_PTRACE"] }, devices: [{ hostPath: "/dev/fuse" }] } }])],
        finds: ["shop: containerDefinitions[1].linuxParameters.capabilities.add", "shop: containerDefinitions[1].linuxParameters.devices"],
      },
      {
        title: "the engine's socket and a folder of the system",
        resources: [
          task([{}], {
            volumes: [
              { name: "socket", hostPath: "/var/run/docker.sock" },
              { name: "etc", hostPath: "/etc" },
            ],
          }),
        ],
        finds: ["shop: volumes[0].hostPath", "shop: volumes[1].hostPath"],
      },
      { title: "containers that are no JSON", resources: [task([], { containerDefinitions: "[{" })], finds: ["shop: containerDefinitions"] },
    ],
    reads: {
      "shop: networkMode": [],
      "shop: pidMode": [],
      "shop: ipcMode": [],
      "shop: volumes": [],
      "shop: volumes[0].hostPath": [],
      "shop: containerDefinitions": ["shop: containerDefinitions"],
    },
  },
  "ecs-nonroot": {
    compliant: [
      { title: "a user by number", resources: [task([{ user: "1000:1000" }], { runtimePlatform: { operatingSystemFamily: "LINUX" } })] },
      { title: "a first step as root that ends before the program starts", resources: [task([files, waits("SUCCESS")])] },
      { title: "the same, however it ends", resources: [task([files, waits("COMPLETE")])] },
      { title: "a user of Windows", resources: [task([{ user: "ContainerUser" }], windows)] },
    ],
    violating: [
      { title: "the user of the image", resources: [task([{}])], finds: ["shop: containerDefinitions[0].user"] },
      {
        title: "root by number and by name",
        resources: [task([{ user: "0" }, { user: "root:root" }, { user: "0:1000" }])],
        finds: ["shop: containerDefinitions[0].user", "shop: containerDefinitions[1].user", "shop: containerDefinitions[2].user"],
      },
      { title: "root beside the running program", resources: [task([files, waits("START")])], finds: ["shop: containerDefinitions[0].user"] },
      {
        title: "a first step with capabilities",
        resources: [task([{ ...files, linuxParameters: {} }, waits("SUCCESS")])],
        finds: ["shop: containerDefinitions[0].user"],
      },
      {
        title: "an essential first step",
        resources: [task([{ ...files, essential: true }, waits("SUCCESS")])],
        finds: ["shop: containerDefinitions[0].user"],
      },
      {
        title: "administrators of Windows",
        resources: [task([{}, { user: "ContainerAdministrator" }], windows)],
        finds: ["shop: containerDefinitions[0].user", "shop: containerDefinitions[1].user"],
      },
    ],
    reads: { "shop: containerDefinitions": [], "shop: runtimePlatform": [] },
  },
  "ecs-readonly-rootfs": {
    compliant: [
      { title: "an image that stays as it is", resources: [task([{ readonlyRootFilesystem: true }])] },
      { title: "Windows, which has no such thing", resources: [task([{}], windows)] },
    ],
    violating: [
      {
        title: "an image that the program may change",
        resources: [task([{ readonlyRootFilesystem: false }, {}])],
        finds: ["shop: containerDefinitions[0].readonlyRootFilesystem", "shop: containerDefinitions[1].readonlyRootFilesystem"],
      },
    ],
    reads: { "shop: containerDefinitions": [] },
  },
  "ecs-no-env-secrets": {
    compliant: [
      {
        title: "a secret by reference",
        resources: [
          task([
            {
              environment: [
                { name: "PORT", value: "8080" },
                { name: "DATABASE_PASSWORD_FILE", value: "/run/secrets/db" },
                { name: "TOKEN_TTL", value: "3600" },
                { name: "TOKEN_URL", value: "https://login.example.com/token" },
                { name: "CALLBACK_PASSWORD", value: "[secret]" },
                { name: "API_TOKEN_SECRET", value: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop" },
              ],
              secrets: [{ name: "DATABASE_PASSWORD", valueFrom: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop:password::" }],
              command: ["sh", "-c", "exec web --database=postgres://shop:$DATABASE_PASSWORD@db/shop"],
              dockerLabels: { "com.acme.team": "shop" },
              logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/shop" } },
            },
          ]),
        ],
      },
    ],
    violating: [
      {
        title: "a password in the environment",
        resources: [task([{ environment: [{ name: "DATABASE_PASSWORD", value: "hunter2-example" }] }])],
        finds: ["shop: containerDefinitions[0].environment[0]"],
      },
      {
        title: "a password in a URL, a key by its look",
        resources: [
          task([
            {
              environment: [
                { name: "PORT", value: "8080" },
                { name: "DATABASE_URL", value: "postgres://shop:hunter2-example@db:5432/shop" },
                { name: "ACCESS", value: `${"AKIA"}000000000EXAMPLE` },
              ],
            },
          ]),
        ],
        finds: ["shop: containerDefinitions[0].environment[1]", "shop: containerDefinitions[0].environment[2]"],
      },
      {
        title: "names that say it in other words, and tokens under any name",
        resources: [
          task([
            {
              environment: [
                { name: "ENCRYPTION_KEY", value: "hunter2-example" },
                { name: "DB_PWD", value: "hunter2-example" },
                { name: "REPOSITORY", value: `ghp_${"A1".repeat(18)}` },
                { name: "SHOP", value: `sk_live_${"A1".repeat(10)}` },
                { name: "DATABASE_PASSWORD_URL", value: "postgres://shop:hunter2-example@db/shop" },
                { name: "SESSION", value: `${"ASIA"}000000000EXAMPLE` },
              ],
            },
          ]),
        ],
        finds: [0, 1, 2, 3, 4, 5].map((index) => `shop: containerDefinitions[0].environment[${index}]`),
      },
      {
        title: "beside the environment",
        resources: [
          task([
            {
              command: ["web", "--database=postgres://a:hunter2@h/shop"],
              entryPoint: ["sh", "-c", `GITHUB=ghp_${"A1".repeat(18)} web`],
              healthCheck: { command: ["CMD", "curl", "https://probe:hunter2@localhost/"] },
              dockerLabels: { "traefik.auth": "redis://:hunter2@cache", "com.acme.apiKey": "hunter2-example" },
            },
          ]),
        ],
        finds: ["command[1]", "entryPoint[2]", "healthCheck.command[2]", "dockerLabels.traefik.auth", "dockerLabels.com.acme.apiKey"].map(
          (path) => `shop: containerDefinitions[0].${path}`,
        ),
      },
      {
        title: "a token of the log driver",
        resources: [task([{ logConfiguration: { logDriver: "splunk", options: { "splunk-token": "hunter2-example" } } }])],
        finds: ["shop: containerDefinitions[0].logConfiguration.options.splunk-token"],
      },
    ],
    reads: { "shop: containerDefinitions": [] },
  },
};
