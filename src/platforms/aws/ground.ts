import type { GroundContext } from "../../core/ground.ts";
import { settingsProblems, settingsWarnings } from "./checks.ts";
import type { ManagedSystems } from "./managed.ts";
import { AwsPlatform } from "./platform.ts";

/** Opens the AWS ground for one stack run. */
export function openAwsGround({ settings, root, report, promised }: GroundContext, managed: ManagedSystems) {
  const recording = Boolean(process.env.GROUNDPLAN_RECORDING);
  const { aws } = settings;
  if (!aws) throw new Error("the settings name no account on AWS");
  const problems = settingsProblems(settings, aws);
  const warnings = settingsWarnings(settings, aws);
  if (problems.length > 0 || warnings.length > 0) report({ name: "aws", kind: "AwsPlatform", problems, warnings });
  // The provider gets its region only when the plan is whole and free of problems: until then nothing is made.
  const checked = Promise.withResolvers<string>();
  const platform = new AwsPlatform("aws", { settings, aws, root, managed, report, promised, region: recording ? aws.region : checked.promise });
  return {
    platform,
    problems: () => platform.problems(),
    complete: async () => {
      platform.complete();
      checked.resolve(aws.region);
    },
    publishedPorts: () => [],
    remember: () => undefined,
    credentials: () => platform.credentials,
  };
}
