import type { Profile } from "../core/profile.ts";

const small = { memoryMiB: 128, cpus: 0.5 };

/** Sizes and guards of the three kinds of environment; a component's arguments override its memory, disk and replicas. */
export const profiles: Readonly<Record<Profile["name"], Profile>> = {
  dev: {
    name: "dev",
    publishData: true,
    allowPlaceholder: true,
    allowEnvironmentOverrides: true,
    discardDataFreely: true,
    natsReplicas: 1,
    serviceReplicas: 1,
    storageGiB: 5,
    resources: {
      database: { memoryMiB: 512, cpus: 1 },
      broker: { memoryMiB: 256, cpus: 0.5 },
      cache: { memoryMiB: 128, cpus: 0.5 },
      service: { memoryMiB: 256, cpus: 0.5 },
      job: small,
    },
  },
  staging: {
    name: "staging",
    publishData: false,
    allowPlaceholder: false,
    allowEnvironmentOverrides: true,
    discardDataFreely: false,
    natsReplicas: 3,
    serviceReplicas: 2,
    storageGiB: 20,
    resources: {
      database: { memoryMiB: 2048, cpus: 1 },
      broker: { memoryMiB: 512, cpus: 1 },
      cache: { memoryMiB: 512, cpus: 0.5 },
      service: { memoryMiB: 512, cpus: 0.5 },
      job: small,
    },
  },
  prod: {
    name: "prod",
    publishData: false,
    allowPlaceholder: false,
    allowEnvironmentOverrides: false,
    discardDataFreely: false,
    natsReplicas: 3,
    serviceReplicas: 3,
    storageGiB: 100,
    resources: {
      database: { memoryMiB: 8192, cpus: 2 },
      broker: { memoryMiB: 2048, cpus: 2 },
      cache: { memoryMiB: 2048, cpus: 1 },
      service: { memoryMiB: 1024, cpus: 1 },
      job: small,
    },
  },
};
