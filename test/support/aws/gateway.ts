import type { Plan } from "../../../src/preview/plan.ts";
import { exampleRegistry, resourceNamed } from "./topology.ts";

export interface Shop {
  readonly weights?: string;
  readonly gateway?: string;
  readonly tls?: string;
  readonly auth?: string;
}

const cognito = `{ cognito: { userPoolArn: "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a", clientId: "client", domain: "shop-login" } }`;
export const acm = `{ certificate: { issuer: { acm: { hostedZone: "Z0123456789" } } } }`;

/** A shop behind a gateway: two versions of its pages, a path that is taken off, a page of administration, and a service apart. */
export const shop = ({ weights = "{ stable: 90, canary: 10 }", gateway = "", tls = acm, auth = cognito }: Shop = {}) => `
  const service = { platform, image: "${exampleRegistry}/api:1.0.0", tools: ["wget"], ports: { http: 8000, admin: 9000 }, autoscale: { min: 2, max: 4 }, health: http("/ready", { port: "admin" }) };
  const web = new AppService("web", service);
  const next = new AppService("web-next", service);
  const ui = new AppService("ui", service);
  const apart = new AppService("apart", service);
  const gateway = new ServiceMeshGateway("gateway", {
    platform, hosts: ["shop.example.com"], tls: ${tls}, ${auth ? `auth: ${auth},` : ""}
    routes: {
      web: { to: { stable: web.connection, canary: next.connection }, weights: ${weights} },
      api: { path: "/api", to: web.connection, stripPrefix: true, rateLimit: { requestsPerSecond: 5 } },
    },
    adminRoutes: { ui: { to: ui.connection } },
    ${gateway}
  });
  return { gateway: gateway.external };`;
export const mirror = { mirror: `${exampleRegistry}/hub` };
export const prod = { ...mirror, profile: "prod" } as const;

export const arnOf = (plan: Plan, type: string, name: string) => resourceNamed(plan, type, name).outputs.arn;
export const short = (urns: readonly string[]) => urns.map((urn) => urn.split("::").at(-1) ?? "");
export const service = (plan: Plan, name: string) => resourceNamed(plan, "Service", `${name}-service`);
