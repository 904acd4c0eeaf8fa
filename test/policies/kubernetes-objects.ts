import type { Resource } from "../../policies/model.ts";
import { resource } from "./cases.ts";

/** An object of namespace shop, called as its resource. */
export const inShop = (type: string, name: string, spec: unknown, metadata: Record<string, unknown> = {}): Resource =>
  resource(`kubernetes:${type}`, name, { metadata: { name, namespace: "shop", ...metadata }, ...(spec === undefined ? {} : { spec }) });

export const namespace = (labels: Record<string, unknown> = {}): Resource =>
  resource("kubernetes:core/v1:Namespace", "shop", { metadata: { name: "shop", labels } });

const app = (name: string) => ({ app: name });

/** A workload of several pods: its own pod template, and what else its specification has. */
const server =
  (type: string) =>
  (name: string, pod: Record<string, unknown>, spec: Record<string, unknown> = {}, labels: Record<string, unknown> = {}): Resource =>
    inShop(type, name, {
      selector: { matchLabels: app(name) },
      template: { metadata: { labels: { ...app(name), ...labels } }, spec: pod },
      ...spec,
    });

export const deployment = server("apps/v1:Deployment");
export const statefulSet = server("apps/v1:StatefulSet");

/** Several objects of a kind as the one resource that the API calls a list. */
export const listOf = (kind: string, ...items: readonly Resource[]): Resource =>
  resource(`kubernetes:${kind}List`, "all", { items: items.map(({ inputs }) => inputs) });

export const cronJob = (name: string, pod: Record<string, unknown>, version = "batch/v1"): Resource =>
  inShop(`${version}:CronJob`, name, { schedule: "0 3 * * *", jobTemplate: { spec: { template: { metadata: { labels: app(name) }, spec: pod } } } });

export const pod = (name: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): Resource =>
  inShop("core/v1:Pod", name, spec, { labels: app(name), ...metadata });

export const service = (name: string, spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}): Resource =>
  inShop("core/v1:Service", name, { selector: app(name), ports: [{ name: "http", port: 80, targetPort: 8080 }], ...spec }, metadata);
