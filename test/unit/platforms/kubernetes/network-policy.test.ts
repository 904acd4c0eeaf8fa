import { describe, expect, test } from "vitest";
import { admission, defaultDeny, partPolicy } from "../../../../src/platforms/kubernetes/manifests/network-policy.ts";
import { labelled, part, place, selected } from "./specs.ts";

const db = { system: "db", name: "db", ports: [5432] };
const dbPods = { podSelector: { matchLabels: { "io.groundplan.stack": "shop-prod", "io.groundplan.component": "db", "io.groundplan.part": "db" } } };
const own = { podSelector: { matchLabels: selected } };
const names = {
  to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }, { ipBlock: { cidr: "169.254.20.10/32" } }],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};
const alone = { servers: [], egress: [], siblings: [] };

test("nothing is open unless another policy opens it", () => {
  expect(defaultDeny(place).spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
});

describe("what one part may reach", () => {
  test("names alone, when it is bound to nothing; and nobody reaches it", () => {
    expect(partPolicy(place, part, alone)).toEqual({
      metadata: { name: "web", namespace: "shop-prod", labels: labelled() },
      spec: { ...own, policyTypes: ["Ingress", "Egress"], egress: [names] },
    });
  });

  test("the bound port of each server, and no other", () => {
    const policy = partPolicy(place, part, { ...alone, servers: [db, { system: "bus", name: "bus", ports: [8222, 4222, 4222] }] });
    expect(policy.spec).toMatchObject({
      egress: [
        names,
        { to: [dbPods], ports: [{ protocol: "TCP", port: 5432 }] },
        {
          ports: [
            { protocol: "TCP", port: 4222 },
            { protocol: "TCP", port: 8222 },
          ],
        },
      ],
    });
  });

  test("its siblings, both ways", () => {
    const among = [{ protocol: "TCP", port: 4222 }];
    expect(partPolicy(place, part, { ...alone, siblings: [4222] }).spec).toEqual({
      ...own,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [own], ports: among }],
      egress: [names, { to: [own], ports: among }],
    });
  });

  test("declared ports outside, but nothing inside and no metadata service; a declared address alone", () => {
    const egress = [
      { host: "api.github.com", port: 443 },
      { host: "*.example.com", port: 443 },
      { host: "10.1.2.3", port: 5000 },
    ];
    expect(partPolicy(place, part, { ...alone, egress }).spec).toMatchObject({
      egress: [
        names,
        {
          to: [
            {
              ipBlock: {
                cidr: "0.0.0.0/0",
                except: ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
              },
            },
            { ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] } },
          ],
          ports: [{ protocol: "TCP", port: 443 }],
        },
        { to: [{ ipBlock: { cidr: "10.1.2.3/32" } }], ports: [{ protocol: "TCP", port: 5000 }] },
      ],
    });
  });
});

test("names are resolved where the cluster has its name servers", () => {
  const nameServers = ["kube-system", "10.96.0.10", "openshift-dns:5353"];
  const at = (port: number) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }));
  const inside = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
  expect(partPolicy(place, part, { ...alone, nameServers }).spec).toMatchObject({
    egress: [
      { to: [inside("kube-system"), { ipBlock: { cidr: "10.96.0.10/32" } }], ports: at(53) },
      { to: [inside("openshift-dns")], ports: at(5353) },
    ],
  });
});

test("a server lets a bound client in, on the bound port", () => {
  expect(admission(place, part, db)).toEqual({
    metadata: { name: "web-to-db", namespace: "shop-prod", labels: labelled() },
    spec: { ...dbPods, policyTypes: ["Ingress"], ingress: [{ from: [own], ports: [{ protocol: "TCP", port: 5432 }] }] },
  });
});
