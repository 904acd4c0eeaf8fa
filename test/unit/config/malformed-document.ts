import type { MalformedCase } from "./malformed-cases.ts";

const origin = "Pulumi.dev.yaml";
const whole = (value: unknown) => ({
  document: value,
  expected: [{ path: "groundplan:stack", rule: /a map with topology/, fix: /below config/, origin }],
});
const componentName = /1 to 24 lower-case/;
const pinned = /version that does not float/;

/** What can be wrong in `groundplan:stack`. */
export const malformedDocuments: readonly MalformedCase[] = [
  { name: "no document", ...whole(undefined) },
  { name: "a list as document", ...whole(["topology: starter"]) },
  { name: "a text as document", ...whole("starter") },
  {
    name: "an empty document",
    document: {},
    expected: [
      { path: "topology", rule: componentName, fix: /give topology/ },
      { path: "target", rule: /one of docker, kubernetes, aws/, fix: /choose docker/ },
      { path: "profile", rule: /one of dev, staging, prod/, fix: /choose dev/ },
    ],
  },
  {
    name: "a key with a slip of the pen, so that the real one is missing",
    document: { toplogy: "starter", target: "docker", profile: "dev" },
    expected: [
      { path: "toplogy", rule: /a known setting: topology/, fix: /did you mean topology\?/, origin },
      { path: "topology", rule: componentName, fix: /give topology/ },
    ],
  },
  {
    name: "three unknown keys",
    stack: { componets: {}, subnet_pool: "10.213.0.0/16", whatever: 1 },
    expected: [
      { path: "componets", rule: /a known setting/, fix: /did you mean components\?/, origin },
      { path: "subnet_pool", rule: /a known setting/, fix: /did you mean subnetPool\?/, origin },
      { path: "whatever", rule: /a known setting/, fix: /remove it/, origin },
    ],
  },
  {
    name: "a target with a slip of the pen",
    stack: { target: "dokcer" },
    expected: [{ path: "target", rule: /one of docker/, fix: /did you mean docker\?/, origin }],
  },
  {
    name: "enums of the wrong type",
    stack: { target: 5, profile: { toString: 1 } },
    expected: [
      { path: "target", rule: /one of docker/, fix: /choose docker/, origin },
      { path: "profile", rule: /one of dev/, fix: /choose dev/, origin },
    ],
  },
  {
    name: "a profile that is spelled out",
    stack: { profile: "production" },
    expected: [{ path: "profile", rule: /one of dev, staging, prod/, fix: /choose dev or staging or prod/, origin }],
  },
  {
    name: "a topology in capitals",
    stack: { topology: "Starter" },
    expected: [{ path: "topology", rule: componentName, fix: /change topology/, origin }],
  },
  {
    name: "a topology with a double hyphen",
    stack: { topology: "git--guard" },
    expected: [{ path: "topology", rule: componentName, fix: /change topology/, origin }],
  },
  {
    name: "a topology of 25 letters",
    stack: { topology: "a".repeat(25) },
    expected: [{ path: "topology", rule: componentName, fix: /change topology/, origin }],
  },
  {
    name: "a topology that is no text",
    stack: { topology: null },
    expected: [{ path: "topology", rule: componentName, fix: /change topology/, origin }],
  },
  {
    name: "an isolation key in capitals",
    stack: { isolation: "TWO" },
    expected: [{ path: "isolation", rule: componentName, fix: /change isolation/, origin }],
  },
  {
    name: "an isolation key that is a number",
    stack: { isolation: 2 },
    expected: [{ path: "isolation", rule: componentName, fix: /change isolation/, origin }],
  },
  {
    name: "a mirror with scheme and password",
    stack: { mirror: "https://robot:hunter2@registry.acme.io" },
    expected: [{ path: "mirror", rule: /without a scheme/, fix: /change mirror/, origin }],
  },
  {
    name: "a mirror with a trailing slash",
    stack: { mirror: "127.0.0.1:5000/" },
    expected: [{ path: "mirror", rule: /a registry/, fix: /change mirror/, origin }],
  },
  {
    name: "a mirror that is a number",
    stack: { mirror: 5000 },
    expected: [{ path: "mirror", rule: /a registry/, fix: /change mirror/, origin }],
  },
  {
    name: "images that float, have no version or are no text",
    stack: { images: { api: "ghcr.io/acme/api:latest", web: "localhost:5000/web", jobs: 7, mail: "acme/mail", queue: "acme/queue:1:2" } },
    expected: ["api", "web", "jobs", "mail", "queue"].map((name) => ({ path: `images.${name}`, rule: pinned, fix: /change images/, origin })),
  },
  {
    name: "images as a list",
    stack: { images: ["ghcr.io/acme/api:1.0"] },
    expected: [{ path: "images", rule: /a map of names to image references/, fix: /change images/, origin }],
  },
  {
    name: "ports that are none",
    stack: { ports: { "db.sql": 0, "bus.nats": 70_000, "cache.redis": "6379", "api.http": 80.5 } },
    expected: [
      { path: "ports.db.sql", rule: /1 to 65535/, fix: /change ports\.db\.sql/, origin },
      { path: "ports.bus.nats", rule: /1 to 65535/, fix: /change ports\.bus\.nats/, origin },
      { path: "ports.cache.redis", rule: /a port number/, fix: /change ports/, origin },
      { path: "ports.api.http", rule: /a whole number/, fix: /change ports/, origin },
    ],
  },
  {
    name: "a port without the name of its component",
    stack: { ports: { sql: 5432 } },
    expected: [{ path: "ports.sql", rule: /component\.port/, fix: /db\.sql/, origin }],
  },
  {
    name: "one port for two",
    stack: { ports: { "db.sql": 5432, "other.sql": 5432 } },
    expected: [{ path: "ports.other.sql", rule: /a number of its own; db\.sql has it/, fix: /change ports\.other\.sql/, origin }],
  },
  {
    name: "ports as one number",
    stack: { ports: 5432 },
    expected: [{ path: "ports", rule: /a map of component\.port to numbers/, fix: /change ports/, origin }],
  },
  {
    name: "egress entries that are no host:port",
    stack: { egress: ["api.github.com", "https://api.github.com:443", "api.github.com:99999", 443, "api.github.com:443"] },
    expected: [0, 1, 2, 3].map((index) => ({ path: `egress[${index}]`, rule: /host:port/, fix: /change egress/, origin })),
  },
  {
    name: "egress as a text",
    stack: { egress: "api.github.com:443" },
    expected: [{ path: "egress", rule: /a list of host:port/, fix: /change egress/, origin }],
  },
  ...["10.213.0.0", "10.213.0.0/28", "10.213.300.0/16", "8.8.0.0/16", "172.200.0.0/16", "192.169.0.0/24", 16].map((subnetPool) => ({
    name: `subnetPool ${subnetPool}`,
    stack: { subnetPool },
    expected: [{ path: "subnetPool", rule: /a private range between \/10 and \/24/, fix: /change subnetPool/, origin }],
  })),
  {
    name: "components as a list",
    stack: { components: ["db"] },
    expected: [{ path: "components", rule: /a map of component names/, fix: /change components/, origin }],
  },
  {
    name: "arguments that are no map",
    stack: { components: { db: "512", bus: null } },
    expected: [
      { path: "components.db", rule: /a map of arguments/, fix: /change components/, origin },
      { path: "components.bus", rule: /a map of arguments/, fix: /change components/, origin },
    ],
  },
  {
    name: "a password where none belongs, also inside a map",
    stack: { dbPassword: "hunter2", extra: { login: { password: "hunter3", url: "postgres://app:hun@ter4@db/app" } } },
    expected: [
      { path: "dbPassword", rule: /a known setting/, fix: /remove it/, origin },
      { path: "extra", rule: /a known setting/, fix: /remove it/, origin },
    ],
  },
  {
    name: "seven settings at once",
    document: { topology: "No", target: "ec2", profile: "test", mirror: "http://x", ports: { db: 1 }, egress: {}, subnetPool: "::/64" },
    expected: [
      { path: "topology", rule: componentName, fix: /change topology/, origin },
      { path: "target", rule: /one of/, fix: /choose/, origin },
      { path: "profile", rule: /one of/, fix: /choose/, origin },
      { path: "mirror", rule: /a registry/, fix: /change mirror/, origin },
      { path: "ports.db", rule: /component\.port/, fix: /change ports/, origin },
      { path: "egress", rule: /a list/, fix: /change egress/, origin },
      { path: "subnetPool", rule: /private range/, fix: /change subnetPool/, origin },
    ],
  },
];
