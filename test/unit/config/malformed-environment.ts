import type { MalformedCase } from "./malformed-cases.ts";

const from = (variable: string) => `environment ${variable}`;
const known = /a known setting: .*GROUNDPLAN_COMPONENTS__<NAME>__<ARGUMENT>/;
const prodOnly = /profile prod takes only mirror, images and endpoints/;

/** One variable that is wrong by its value. */
const wrongValue = (variable: string, value: string, path: string, rule: RegExp, fix: RegExp): MalformedCase => ({
  name: `${variable}=${value}`,
  environment: { [variable]: value },
  expected: [{ path, rule, fix, origin: from(variable) }],
});

/** One variable that is wrong by its name. */
const wrongName = (variable: string, fix: RegExp): MalformedCase => ({
  name: `unknown ${variable}`,
  environment: { [variable]: "1" },
  expected: [{ path: variable, rule: known, fix }],
});

/** What can be wrong in `GROUNDPLAN_*`. */
export const malformedEnvironments: readonly MalformedCase[] = [
  wrongName("GROUNDPLAN_TARGT", /did you mean GROUNDPLAN_TARGET\?/),
  wrongName("GROUNDPLAN_IMAGE_MIROR", /did you mean GROUNDPLAN_IMAGE_MIRROR\?/),
  wrongName("GROUNDPLAN_WHATEVER_ELSE", /unset it/),
  wrongName("GROUNDPLAN_COMPONENTS__DB", /name the component and the argument/),
  wrongName("GROUNDPLAN_COMPONENTS__DB____REPLICAS", /name the component and the argument/),
  wrongName("GROUNDPLAN_COMPONENTS", /name the component and the argument/),
  wrongValue("GROUNDPLAN_TARGET", "kuberntes", "target", /one of docker/, /did you mean kubernetes\?/),
  wrongValue("GROUNDPLAN_PROFILE", "7", "profile", /one of dev/, /choose dev/),
  wrongValue("GROUNDPLAN_PORTS__DB__SQL", "sql", "ports.db.sql", /a port number/, /change ports\.db\.sql/),
  wrongValue("GROUNDPLAN_PORTS__DB__SQL", "65536", "ports.db.sql", /1 to 65535/, /change ports\.db\.sql/),
  wrongValue("GROUNDPLAN_PORTS__DB", "5432", "ports.db", /component\.port/, /change ports\.db/),
  wrongValue("GROUNDPLAN_IMAGE_MIRROR", "http://127.0.0.1:5000", "mirror", /without a scheme/, /change mirror/),
  wrongValue("GROUNDPLAN_IMAGES__API", "acme/api:latest", "images.api", /does not float/, /change images\.api/),
  wrongValue("GROUNDPLAN_SUBNET_POOL", "8.8.8.0/24", "subnetPool", /private range/, /change subnetPool/),
  wrongValue("GROUNDPLAN_ISOLATION", "Two Copies", "isolation", /1 to 24/, /change isolation/),
  wrongValue("GROUNDPLAN_EGRESS", "api.github.com:443", "egress", /a list of host:port/, /change egress/),
  {
    name: "four variables and the file at once",
    stack: { egress: "none" },
    environment: { GROUNDPLAN_TARGET: "vm", GROUNDPLAN_TOPOLOGY: "_", GROUNDPLAN_MIRROR: "a b", GROUNDPLAN_X: "1" },
    expected: [
      { path: "egress", rule: /a list/, fix: /change egress/, origin: "Pulumi.dev.yaml" },
      { path: "target", rule: /one of/, fix: /choose/, origin: from("GROUNDPLAN_TARGET") },
      { path: "topology", rule: /1 to 24/, fix: /change topology/, origin: from("GROUNDPLAN_TOPOLOGY") },
      { path: "mirror", rule: /a registry/, fix: /change mirror/, origin: from("GROUNDPLAN_MIRROR") },
      { path: "GROUNDPLAN_X", rule: known, fix: /unset it/ },
    ],
  },
  {
    name: "profile prod refuses everything but mirror and images",
    stack: { profile: "prod" },
    environment: {
      GROUNDPLAN_TARGET: "docker",
      GROUNDPLAN_PROFILE: "dev",
      GROUNDPLAN_PORTS__DB__SQL: "5432",
      GROUNDPLAN_COMPONENTS__DB__MEMORY_MIB: "512",
      GROUNDPLAN_IMAGE_MIRROR: "127.0.0.1:5000",
      GROUNDPLAN_IMAGES__API: "acme/api:1.0",
    },
    expected: [
      { path: "target", rule: prodOnly, fix: /unset GROUNDPLAN_TARGET/, origin: from("GROUNDPLAN_TARGET") },
      { path: "profile", rule: prodOnly, fix: /unset GROUNDPLAN_PROFILE/, origin: from("GROUNDPLAN_PROFILE") },
      { path: "ports.DB.SQL", rule: prodOnly, fix: /into the stack file/, origin: from("GROUNDPLAN_PORTS__DB__SQL") },
      { path: "components.DB.MEMORY_MIB", rule: prodOnly, fix: /into the stack file/, origin: from("GROUNDPLAN_COMPONENTS__DB__MEMORY_MIB") },
    ],
  },
  {
    name: "profile prod checks the mirror and images that it takes",
    stack: { profile: "prod" },
    environment: { GROUNDPLAN_MIRROR: "https://mirror", GROUNDPLAN_IMAGES__API: "acme/api" },
    expected: [
      { path: "mirror", rule: /without a scheme/, fix: /change mirror/, origin: from("GROUNDPLAN_MIRROR") },
      { path: "images.api", rule: /does not float/, fix: /change images\.api/, origin: from("GROUNDPLAN_IMAGES__API") },
    ],
  },
  {
    name: "profile prod shows no password that the environment carries",
    stack: { profile: "prod" },
    environment: { GROUNDPLAN_COMPONENTS__API__ENV__DB_PASSWORD: "hunter2", GROUNDPLAN_COMPONENTS__API__ENV__DSN: "postgres://app:hun/te r3@db/app" },
    expected: [
      { path: "components.API.ENV.DB_PASSWORD", rule: prodOnly, fix: /unset/, origin: from("GROUNDPLAN_COMPONENTS__API__ENV__DB_PASSWORD") },
      { path: "components.API.ENV.DSN", rule: prodOnly, fix: /unset/, origin: from("GROUNDPLAN_COMPONENTS__API__ENV__DSN") },
    ],
  },
  {
    name: "arguments of the wrong type",
    environment: {
      GROUNDPLAN_COMPONENTS__BUS__REPLICAS: "two",
      GROUNDPLAN_COMPONENTS__DB__MEMORY_MIB: "lots",
      GROUNDPLAN_COMPONENTS__BUS__DEAD_LETTERS: "1",
    },
    components: [
      ["NatsCluster", "bus"],
      ["PostgresDb", "db"],
    ],
    expected: [
      { path: "replicas", rule: /1 or 3/, fix: /use 1 in dev/, origin: from("GROUNDPLAN_COMPONENTS__BUS__REPLICAS") },
      { path: "deadLetters", rule: /true or false/, fix: /without quotes/, origin: from("GROUNDPLAN_COMPONENTS__BUS__DEAD_LETTERS") },
      { path: "memoryMiB", rule: /128 to 1048576 MiB/, fix: /memoryMiB/, origin: from("GROUNDPLAN_COMPONENTS__DB__MEMORY_MIB") },
    ],
  },
  {
    name: "an argument that the component does not have",
    environment: { GROUNDPLAN_COMPONENTS__DB__REPLICAS: "3" },
    components: [["PostgresDb", "db"]],
    expected: [
      { path: "replicas", rule: /a known argument/, fix: /remove it, or use one of .*version/, origin: from("GROUNDPLAN_COMPONENTS__DB__REPLICAS") },
    ],
  },
  {
    name: "a version that YAML reads as a number",
    environment: { GROUNDPLAN_COMPONENTS__DB__VERSION: "17" },
    components: [["PostgresDb", "db"]],
    expected: [{ path: "version", rule: /one of 16, 17/, fix: /quotes: "17"/, origin: from("GROUNDPLAN_COMPONENTS__DB__VERSION") }],
  },
  {
    name: "something deep inside an argument",
    environment: { GROUNDPLAN_COMPONENTS__ORDER_BUS__STREAMS__ORDERS__SUBJECTS: "[orders.>, '']" },
    components: [["NatsCluster", "order-bus", { streams: { ORDERS: { subjects: ["orders.>"] } } }]],
    expected: [
      {
        path: "streams.ORDERS.subjects[1]",
        rule: /a subject/,
        fix: /dots/,
        origin: from("GROUNDPLAN_COMPONENTS__ORDER_BUS__STREAMS__ORDERS__SUBJECTS"),
      },
    ],
  },
  {
    name: "components that the topology does not have",
    stack: { components: { dbs: { memoryMiB: 512 }, mainframe: {} } },
    environment: { GROUNDPLAN_COMPONENTS__BUZ__REPLICAS: "1", GROUNDPLAN_COMPONENTS__WEBSITE__REPLICAS: "1" },
    components: [
      ["NatsCluster", "bus"],
      ["PostgresDb", "db"],
    ],
    expected: [
      { path: "components.dbs", rule: /a component of this topology/, fix: /did you mean db\?/, origin: "Pulumi.dev.yaml" },
      { path: "components.mainframe", rule: /a component of this topology/, fix: /the topology has bus, db/, origin: "Pulumi.dev.yaml" },
      { path: "components.buz", rule: /a component/, fix: /did you mean bus\?/, origin: from("GROUNDPLAN_COMPONENTS__BUZ__REPLICAS") },
      { path: "components.website", rule: /a component/, fix: /remove it/, origin: from("GROUNDPLAN_COMPONENTS__WEBSITE__REPLICAS") },
    ],
  },
];
