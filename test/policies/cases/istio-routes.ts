import type { PolicyCases } from "../cases.ts";
import { inShop, namespace, service } from "../kubernetes-objects.ts";

const routes = (http: Record<string, unknown>[], spec: Record<string, unknown> = {}, name = "routes") =>
  inShop("networking.istio.io/v1:VirtualService", name, { hosts: ["web"], http, ...spec });
const subsets = (...names: string[]) =>
  inShop("networking.istio.io/v1:DestinationRule", "versions", {
    host: "web.shop.svc.cluster.local",
    subsets: names.map((name) => ({ name, labels: { version: name } })),
  });
const to = (subset: string | undefined, weight?: number) => ({ destination: { host: "web", subset }, weight });
const timeout = "5s";
const all = { timeout, route: [to(undefined)] };
const below = (prefix: string) => ({ ...all, match: [{ uri: { prefix } }] });
const public80 = { hosts: ["www.shop.example"], gateways: ["edge"] };

const member = namespace({ "istio-injection": "enabled" });
const port = (entry: Record<string, unknown>) => service("web", { ports: [{ port: 80, ...entry }] });

export const istioRouteCases: Readonly<Record<string, PolicyCases>> = {
  "istio-routes": {
    compliant: [
      {
        title: "a canary of ten percent",
        resources: [member, port({ name: "http" }), subsets("v1", "v2"), routes([{ timeout, route: [to("v1", 90), to("v2", 10)] }])],
      },
      {
        title: "weights that are proportions",
        resources: [subsets("v1", "v2"), routes([{ timeout, route: [to("v1", 1), to("v2", 1)] }])],
      },
      { title: "a path before the rest", resources: [routes([below("/beta"), all])] },
      { title: "a route that leads elsewhere", resources: [routes([{ redirect: { uri: "/new" } }])] },
      { title: "one host at two gateways", resources: [routes([all], public80), routes([all], { ...public80, gateways: ["inner"] }, "inside")] },
      { title: "a protocol by its field", resources: [member, port({ name: "web", appProtocol: "http" })] },
      { title: "a Service outside of the mesh", resources: [namespace(), port({ name: "web" })] },
    ],
    violating: [
      {
        title: "two destinations without weights",
        resources: [subsets("v1", "v2"), routes([{ timeout, route: [to("v1"), to("v2")] }])],
        finds: ["routes: spec.http[0].route"],
      },
      {
        title: "a subset that nobody defines",
        resources: [subsets("v1"), routes([{ timeout, route: [to("v2")] }])],
        finds: ["routes: spec.http[0].route[0].destination.subset"],
      },
      {
        title: "weights and a subset of plain connections",
        resources: [routes([], { tcp: [{ route: [to("v1"), to(undefined)] }] })],
        finds: ["routes: spec.tcp[0].route", "routes: spec.tcp[0].route[0].destination.subset"],
      },
      { title: "no end", resources: [routes([{ route: [to(undefined)] }])], finds: ["routes: spec.http[0].timeout"] },
      { title: "a path behind the rest", resources: [routes([all, below("/beta")])], finds: ["routes: spec.http[1]"] },
      { title: "a path behind every path", resources: [routes([below("/"), all])], finds: ["routes: spec.http[1]"] },
      { title: "two answers for one host", resources: [routes([all], public80), routes([all], public80, "copy")], finds: ["copy: spec.hosts[0]"] },
      {
        title: "two answers within the mesh",
        resources: [routes([all]), routes([all], { hosts: ["web.shop.svc.cluster.local"] }, "copy")],
        finds: ["copy: spec.hosts[0]"],
      },
      { title: "a port whose protocol is guessed", resources: [member, port({ name: "web" })], finds: ["web: spec.ports[0].name"] },
      { title: "a port without a name", resources: [member, port({})], finds: ["web: spec.ports[0].name"] },
    ],
    reads: {
      "routes: spec.http[0].timeout": ["routes: spec.http[0].timeout"],
      "routes: spec.http[0].route[0].weight": [],
      "routes: spec.http[0].route[0].destination.subset": [],
      "versions: spec.host": ["routes: spec.http[0].route[0].destination.subset", "routes: spec.http[0].route[1].destination.subset"],
      "versions: spec.subsets[1].name": ["routes: spec.http[0].route[1].destination.subset"],
      "web: spec.ports[0].name": ["web: spec.ports[0].name"],
      "shop: metadata.labels": [],
    },
  },
  "istio-weights": {
    compliant: [
      { title: "a canary of ten percent", resources: [routes([{ timeout, route: [to("v1", 90), to("v2", 10)] }])] },
      { title: "one destination", resources: [routes([all])] },
    ],
    violating: [
      { title: "a slip", resources: [routes([{ timeout, route: [to("v1", 90), to("v2", 9)] }])], finds: ["routes: spec.http[0].route"] },
      { title: "a proportion", resources: [routes([{ timeout, route: [to("v1", 1), to("v2", 1)] }])], finds: ["routes: spec.http[0].route"] },
      {
        title: "plain connections, of which one has none",
        resources: [routes([], { tcp: [{ route: [to("v1", 50), to(undefined)] }] })],
        finds: ["routes: spec.tcp[0].route"],
      },
    ],
    reads: { "routes: spec.http[0].route[0].weight": ["routes: spec.http[0].route"], "routes: spec.http[0].route": [] },
  },
};
