import type { Plan } from "../../src/preview/plan.ts";
import { recorded } from "./recorded.ts";

export const profiles = ["dev", "staging", "prod"] as const;
export type ProfileName = (typeof profiles)[number];

/** What each ground must be told, for an environment that exists nowhere. */
export const groundSettings = {
  docker: {},
  kubernetes: { kubernetes: { context: "nowhere", storageClass: "standard", registry: "registry.example/shop" } },
  aws: { aws: { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] } },
} as const;
export type Ground = keyof typeof groundSettings;
export const grounds = Object.keys(groundSettings) as Ground[];

const plans = new Map<string, Promise<Plan>>();

/** The starter on a ground with a profile, recorded once; profiles that run no placeholder get an image. */
export function starterOn(target: Ground, profile: ProfileName, settings: Readonly<Record<string, unknown>> = {}): Promise<Plan> {
  const document = {
    target,
    profile,
    ...groundSettings[target],
    ...(profile === "dev" ? {} : { images: { api: "registry.example/shop/api:1.0.0" } }),
    // One port cannot be shared by several containers of one machine.
    ...(target === "docker" && profile !== "dev" ? { components: { api: { replicas: 1 } } } : {}),
    ...settings,
  };
  const key = JSON.stringify(document);
  const plan = plans.get(key) ?? recorded({ stack: profile, settings: document });
  plans.set(key, plan);
  return plan;
}
