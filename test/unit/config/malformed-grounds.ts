import type { ExpectedProblem, MalformedCase } from "./malformed-cases.ts";

const origin = "Pulumi.dev.yaml";
const one = (path: string, rule: RegExp, fix: RegExp): ExpectedProblem => ({ path, rule, fix, origin });
const sound = { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b"] };
const kubernetes = (settings: object | undefined) => ({ target: "kubernetes", kubernetes: settings });
const aws = (settings: object | undefined) => ({ target: "aws", aws: settings });

/** What can be wrong in the settings of a ground, before any of its resources is thought of. */
export const malformedGrounds: readonly MalformedCase[] = [
  {
    name: "kubernetes: no cluster",
    stack: { target: "kubernetes" },
    expected: [one("kubernetes.context", /the cluster of this environment/, /kubectl config get-contexts/)],
  },
  {
    name: "kubernetes: everything wrong at once",
    stack: kubernetes({
      context: "two words",
      namespace: "My_Namespace",
      registry: "https://ghcr.io/acme",
      pullSecrets: 5,
      nameServers: ["10.0.0.999"],
      clusterDomain: "a domain",
      contxt: "x",
    }),
    expected: [
      one("kubernetes.context", /the name of a context/, /change kubernetes\.context/),
      one("kubernetes.namespace", /1 to 63 lower-case/, /change kubernetes\.namespace/),
      one("kubernetes.registry", /without a scheme/, /change kubernetes\.registry/),
      one("kubernetes.pullSecrets", /a list of names of secrets/, /change kubernetes\.pullSecrets/),
      one("kubernetes.nameServers[0]", /a list of namespaces and addresses/, /change kubernetes\.nameServers/),
      one("kubernetes.clusterDomain", /a domain/, /change kubernetes\.clusterDomain/),
      one("kubernetes.contxt", /a known setting: context, kubeconfig/, /did you mean context\?/),
    ],
  },
  {
    name: "kubernetes: a mesh with settings of no form, and an exception without a reason",
    stack: kubernetes({
      context: "lab",
      mesh: {
        mode: "proxies",
        version: "1.20",
        controlPlane: "Istio System",
        trustDomain: "a domain",
        permissive: [{ workload: "bus", port: "monitor", reason: "because" }],
        mod: "sidecar",
      },
    }),
    expected: [
      one("kubernetes.mesh.mode", /one of sidecar, none, ambient/, /choose/),
      one("kubernetes.mesh.version", /one of 1\.31/, /choose 1\.31/),
      one("kubernetes.mesh.controlPlane", /1 to 63 lower-case/, /change kubernetes\.mesh\.controlPlane/),
      one("kubernetes.mesh.trustDomain", /a domain, e\.g\. cluster\.local/, /change kubernetes\.mesh\.trustDomain/),
      one("kubernetes.mesh.permissive[0].reason", /why this port must take plain connections/, /change/),
      one(
        "kubernetes.mesh.mod",
        /a known setting: mode, install, version, controlPlane, trustDomain, tracingProvider, permissive$/,
        /did you mean mode\?/,
      ),
    ],
  },
  {
    name: "kubernetes: settings without a context",
    stack: kubernetes({ storageClass: "standard" }),
    expected: [one("kubernetes.context", /the name of a context/, /give kubernetes\.context/)],
  },
  {
    name: "aws: neither region nor account",
    stack: { target: "aws" },
    expected: [one("aws", /region, account and zones/, /accountId: "123456789012"/)],
  },
  {
    name: "aws: an account that is a number, a region that is none, no zones",
    stack: aws({ region: "frankfurt", accountId: 123456789012, zones: [] }),
    expected: [
      one("aws.region", /a region, e\.g\. eu-central-1/, /change aws\.region/),
      one("aws.accountId", /in quotes: 12 digits/, /change aws\.accountId/),
      one("aws.zones", /a list of zones/, /change aws\.zones/),
    ],
  },
  {
    name: "aws: a way out, a network and a topic that are none",
    stack: aws({ ...sound, nat: "two", cidr: "10.20.0.0/8", alarmTopics: ["alarms"], endpoints: { sqs: "localhost" } }),
    expected: [
      one("aws.nat", /one of none, one, regional/, /choose/),
      one("aws.cidr", /a private range between \/16/, /change aws\.cidr/),
      one("aws.alarmTopics[0]", /topic ARNs/, /change/),
      one("aws.endpoints.sqs", /a URL/, /change/),
    ],
  },
];
