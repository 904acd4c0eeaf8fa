import { join } from "node:path";
import type { Plan } from "../../../src/preview/plan.ts";
import { groundSettings, type ProfileName } from "../grounds.ts";
import { recorded, repository } from "../recorded.ts";

/** Receivers that SNS delivers to; the URL is a secret. */
export const receivers = {
  email: [{ to: "ops@example.com", from: "stack@example.com", host: "mail.example.com", severity: "critical" }],
  webhook: [{ url: "https://hooks.example.com/hunter2-of-the-hook", host: "hooks.example.com" }],
};

const plans = new Map<string, Promise<Plan>>();

/** The program of test/fixtures/watched-aws.ts, recorded once for the same arguments; `telemetry` are those of its stack. */
export function watchedOnAws(profile: ProfileName, telemetry: object = { receivers }, aws: object = {}): Promise<Plan> {
  const settings = {
    topology: "watched",
    target: "aws",
    profile,
    aws: { ...groundSettings.aws.aws, ...aws },
    images: { api: "registry.example/shop/api:1.0.0" },
    components: { telemetry },
  };
  const key = JSON.stringify(settings);
  const plan = plans.get(key) ?? recorded({ stack: profile, settings, program: join(repository, "test", "fixtures", "watched-aws.ts") });
  plans.set(key, plan);
  return plan;
}
