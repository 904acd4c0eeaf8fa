import { isIP } from "node:net";
import type { Problem } from "../../../src/core/problems.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import { attachments } from "../../../src/platforms/aws/attachments.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { tryEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { argumentOf, type GatewayModel, type Route } from "../model.ts";
import { zoneOf } from "./certificate.ts";
import { allRoutes, depthOf, publicHosts } from "./hosts.ts";
import { headerRule } from "./listener.ts";
import { mostDepth } from "./rules.ts";

type Add = (path: string, value: unknown, rule: string, fix: string) => void;

/** What a load balancer of AWS cannot honour. */
export function gatewayProblems(spec: SystemSpec, context: AwsContext): Problem[] {
  const model = spec.model as GatewayModel;
  const problems: Problem[] = [];
  const add: Add = (path, value, rule, fix) => {
    // Wrong arguments are told already, and defaults stand in their place.
    if (!model.wrong.includes(argumentOf(path))) problems.push({ component: spec.name, path, value, rule, fix });
  };
  const known = spec.problems.some(({ path }) => path === "tls.certificate");
  if (model.certificate === "development" && !known)
    add(
      "tls.certificate",
      "development",
      "a certificate that is given or issued: AWS has no authority of development",
      'give tls.certificate: { issuer: { acm: { hostedZone: "Z..." } } }, or { certificate, key }',
    );
  hostProblems(model, add);
  sizeProblems(model, add);
  for (const [name, value] of Object.entries(model.headers)) {
    const rule = headerRule(name, value);
    if (rule) add(`securityHeaders.${name}`, value, rule, "set it to false here, and let the services say it");
  }
  routeProblems(model, add);
  for (const route of allRoutes(model)) {
    const at = pathOf(route, model);
    for (const { version, to } of route.upstreams) {
      // Of a stub the problem is told already.
      if (tryEndpoint(to.endpoint) && !attachments(context).serviceNamed(to.summary.workload))
        add(
          `${at}.to${version && `.${version}`}`,
          to.system,
          "a service of this stack, which runs as tasks",
          "route to a component that runs containers",
        );
    }
  }
  return problems;
}

/** Where a route is written. */
const pathOf = (route: Route, { routes }: GatewayModel) => `${routes.includes(route) ? "routes" : "adminRoutes"}.${route.name}`;

/** Longest name that a certificate of ACM begins with, and longest value that a rule compares with. */
const [longestFirst, longestValue] = [64, 128];

function hostProblems(model: GatewayModel, add: Add): void {
  const written = [
    ...model.hosts.map((host, index) => ({ host, at: `hosts[${index}]` })),
    ...model.admin.map(({ name, host = "" }) => ({ host, at: `adminRoutes.${name}.host` })),
  ];
  for (const { host, at } of written) {
    if (isIP(host) || !host.includes(".")) add(at, host, "a name in the public name system: the load balancer has no other", "e.g. app.example.com");
    else if (host.length > longestValue) add(at, host, `at most ${longestValue} letters on AWS`, "choose a shorter name");
  }
  const [first = ""] = publicHosts(model);
  if (zoneOf(model) && first.length > longestFirst)
    add("hosts[0]", first, `at most ${longestFirst} letters in the first host: ACM issues no longer one`, "put a shorter host first");
}

/** It grows by itself, and has no memory to size. */
function sizeProblems({ declared, gzip, replicas, resources }: GatewayModel, add: Add): void {
  const sizes = { replicas, ...resources };
  for (const [path, value] of Object.entries(sizes)) {
    if (declared.includes(path)) add(path, value, "left out on AWS: a load balancer grows by itself", "remove it");
  }
  if (declared.includes("gzip") && gzip)
    add("gzip", gzip, "false or left out on AWS: a load balancer compresses nothing", "remove it, and compress in the services");
}

/** Longest silence in seconds that a load balancer waits for, November 2026. */
const longestSilence = 4000;
/** Most target groups that one rule forwards to. */
const mostVersions = 5;
export const silenceOf = (model: GatewayModel): number => Math.max(...allRoutes(model).map(({ timeoutSeconds }) => timeoutSeconds));

function routeProblems(model: GatewayModel, add: Add): void {
  const largest = silenceOf(model);
  for (const route of model.routes) {
    const takers = model.routes.filter(({ path, host }) => path === route.path && host !== undefined);
    if (route.host === undefined && model.hosts.every((host) => takers.some((taker) => taker.host === host)))
      add(
        `${pathOf(route, model)}.path`,
        route.path,
        `a path that is left on one of hosts: ${takers.map(({ name }) => name).join(", ")} have it on all of them`,
        "change it, or remove the route",
      );
  }
  for (const route of allRoutes(model)) {
    const { path, upstreams, timeoutSeconds, retries, cors } = route;
    const at = pathOf(route, model);
    const written = (key: string) => model.declared.includes(`${at}.${key}`);
    if (depthOf(path) > mostDepth) add(`${at}.path`, path, `at most ${mostDepth} parts on AWS`, "route to a shorter path");
    // What is below it has two letters more.
    if (path.length > longestValue - 2) add(`${at}.path`, path, `at most ${longestValue - 2} letters on AWS`, "route to a shorter path");
    if (upstreams.length > mostVersions)
      add(
        `${at}.to`,
        upstreams.map(({ version }) => version),
        `at most ${mostVersions} versions on AWS`,
        "leave some out",
      );
    if (timeoutSeconds > longestSilence)
      add(`${at}.timeoutSeconds`, timeoutSeconds, `at most ${longestSilence} seconds on AWS`, "answer sooner, or send something meanwhile");
    else if (written("timeoutSeconds") && timeoutSeconds < largest)
      add(
        `${at}.timeoutSeconds`,
        timeoutSeconds,
        `${largest}, as another route has it: a load balancer of AWS has one silence for all routes`,
        "give all routes the same, or make a second gateway",
      );
    if (written("retries") && retries > 0)
      add(`${at}.retries`, retries, "0 or left out on AWS: a load balancer tries nothing again", "remove it, and try again in the client");
    if (cors)
      add(
        `${at}.cors`,
        cors.origins,
        "left out on AWS: a load balancer knows CORS for all routes alike, and no list of origins",
        "let the service answer",
      );
  }
}
