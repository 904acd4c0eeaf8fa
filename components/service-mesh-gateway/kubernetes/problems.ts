import { isIP } from "node:net";
import type { Problem } from "../../../src/core/problems.ts";
import type { StackSettings } from "../../../src/core/settings.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { GatewayModel } from "../model.ts";
import { isContentPolicy } from "./http-route.ts";
import { gatewayClassOf, servedBy } from "./served-by.ts";

type Add = (path: string, value: unknown, rule: string, fix: string) => void;

/** What a gateway of a cluster cannot honour, or not with these settings. */
export function gatewayProblems(spec: SystemSpec, settings: StackSettings): Problem[] {
  const model = spec.model as GatewayModel;
  const problems: Problem[] = [];
  const add: Add = (path, value, rule, fix) => problems.push({ component: spec.name, path, value, rule, fix });
  classProblems(model, settings, add);
  hostProblems(model, add);
  limitProblems(model, settings, add);
  if (model.api === "gateway-api") interfaceProblems(model, add);
  return problems;
}

function classProblems({ api }: GatewayModel, settings: StackSettings, add: Add): void {
  const found = gatewayClassOf(settings);
  if (found === undefined) {
    add(
      "kubernetes.gatewayClass",
      undefined,
      "the class of the gateways by name, as the stack has no mesh that would serve them",
      "set kubernetes.gatewayClass (kubectl get gatewayclass lists them), or mesh.mode: sidecar",
    );
    return;
  }
  if (api === "istio" && found !== "istio")
    add("api", api, `gateway-api: Istio does not serve class ${found}`, "remove it, or set kubernetes.gatewayClass: istio");
}

function hostProblems({ hosts, certificate, api }: GatewayModel, add: Add): void {
  for (const [index, host] of hosts.entries()) {
    if (isIP(host)) add(`hosts[${index}]`, host, "a host name on Kubernetes: routes and certificates are for no address", "give it a name");
  }
  if (typeof certificate !== "object" || !("acme" in certificate.issuer)) return;
  for (const [index, host] of hosts.entries()) {
    if (!isIP(host) && !host.includes("."))
      add(`hosts[${index}]`, host, "a name in the public name system: an authority of ACME issues for no other", "e.g. app.example.com");
  }
  if (api === "istio")
    add(
      "tls.certificate.issuer.acme",
      certificate.issuer.acme.email,
      "gateway-api: cert-manager answers an authority through a Gateway of Gateway API",
      "remove api, or name an issuer of the cluster that proves names by DNS",
    );
}

/** Only proxies of Istio have these; another class has something else for them, or nothing. */
const onlyIstio: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^gzip$/, "compression"],
  [/^(replicas|memoryMiB|cpus)$/, "sizes of the proxies"],
  [/^routes\.[^.]+\.rateLimit$/, "limits of rate"],
  [/^routes\.[^.]+\.maxBodyMiB$/, "limits of bodies"],
  [/^routes\.[^.]+\.retries$/, "further tries"],
];

/** The part of the gateway's memory that one body may fill. */
const bodyShare = 4;

function limitProblems(model: GatewayModel, settings: StackSettings, add: Add): void {
  const { declared, routes, resources, minVersion, api } = model;
  const found = gatewayClassOf(settings);
  const istio = servedBy(settings) === "istio";
  for (const path of istio || found === undefined ? [] : declared) {
    const [, what] = onlyIstio.find(([pattern]) => pattern.test(path)) ?? [];
    if (what)
      add(path, valueAt(model, path), `left out: only proxies of Istio have ${what}, class ${found} is another`, "remove it, or use class istio");
  }
  if (minVersion === "1.3" && api === "gateway-api")
    add("tls.minVersion", minVersion, "1.2 with api gateway-api, which has no versions of TLS", 'set api: "istio"');
  const largest = Math.floor(resources.memoryMiB / bodyShare);
  for (const { name, maxBodyMiB, websocket } of istio ? routes : []) {
    const path = `routes.${name}.maxBodyMiB`;
    if (websocket && declared.includes(path))
      add(
        path,
        maxBodyMiB,
        "left out on a route with websockets: on Kubernetes bodies of those are not limited",
        "remove it, or give the bodies a route",
      );
    else if (!websocket && maxBodyMiB > largest)
      add(
        path,
        maxBodyMiB,
        `at most ${largest}, a quarter of memoryMiB: on Kubernetes a body waits whole in the gateway's memory`,
        "raise memoryMiB, or send large bodies to a store of objects",
      );
  }
}

const valueAt = (model: GatewayModel, path: string): unknown => {
  const [first = "", name, key = ""] = path.split(".");
  if (first !== "routes") return { ...model, ...model.resources }[first as "gzip"];
  return model.routes.find((route) => route.name === name)?.[key as "retries"];
};

/** Most headers that a filter of Gateway API sets, and most origins of one of its routes. */
const [mostHeaders, mostHosts] = [16, 16];

function interfaceProblems({ headers, names }: GatewayModel, add: Add): void {
  const set = Object.keys(headers).filter((name) => !isContentPolicy({ name }));
  if (set.length > mostHeaders)
    add("securityHeaders", set, `at most ${mostHeaders} headers, HSTS among them: Gateway API sets no more`, 'leave some out, or set api: "istio"');
  if (names.length > mostHosts)
    add(
      "hosts",
      names,
      `at most ${mostHosts} names, its own among them: a route of Gateway API has no more`,
      'make a second gateway, or set api: "istio"',
    );
}

/** What is honoured in another way than somebody who knows the gateway from Docker expects. */
export function gatewayWarnings(spec: SystemSpec, settings: StackSettings): string[] {
  const { routes } = spec.model as GatewayModel;
  if (servedBy(settings) === "istio")
    return routes.flatMap(({ name, websocket }) => (websocket ? [`route ${name} has websockets: its bodies are not limited`] : []));
  return [
    `class ${gatewayClassOf(settings)} is not Istio's: bodies, tries and compression are as it has them, timeoutSeconds is the time for the ` +
      "whole answer, and its pods need a NetworkPolicy of yours to their control plane",
  ];
}
