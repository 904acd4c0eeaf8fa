import type { Plan } from "../../../src/preview/plan.ts";
import { groundSettings, starterOn } from "../grounds.ts";

/** Settings with which the starter has everything on AWS that is offered: proxy, replicas, topics, FIFO, copies of backups, alarms that tell. */
export const everything = {
  aws: { ...groundSettings.aws.aws, backupRegion: "eu-west-1", alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"] },
  components: {
    db: {
      databases: { app: { grants: { reporting: "read" } } },
      aws: { proxy: true, readReplicas: 2 },
    },
    queue: {
      queues: { jobs: {}, orders: { fifo: true } },
      topics: { news: { subscribers: [{ queue: "jobs", filter: { kind: ["a"] } }] }, changes: { fifo: true, subscribers: ["orders"] } },
    },
  },
} as const;

export const everythingOnAws = (): Promise<Plan> => starterOn("aws", "prod", everything);
