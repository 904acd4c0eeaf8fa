import { type Command, InvalidArgumentError, Option } from "commander";
import { stages } from "../../../policies/model.ts";
import { type ReportFormat, reportFormats } from "../../../policies/reports/formats.ts";
import type { PolicyOptions, ReportWanted } from "../commands/policy.ts";
import { environment, examples, isolation } from "./options.ts";

/** `FORMAT` or `FORMAT=FILE`, any number of times. */
const report = () =>
  new Option("--report <format[=file]>", `${reportFormats.join(", ")}; without a file it is printed; repeatable`).argParser(
    (text: string, before: readonly ReportWanted[] = []): readonly ReportWanted[] => {
      const [format = "", ...rest] = text.split("=");
      const file = rest.length > 0 ? rest.join("=") : undefined;
      if (!reportFormats.includes(format as ReportFormat)) throw new InvalidArgumentError(`Allowed formats are ${reportFormats.join(", ")}.`);
      if (file === "") throw new InvalidArgumentError("The file has no name.");
      if (file !== undefined && before.some((other) => other.file === file)) throw new InvalidArgumentError("Another report goes to that file.");
      return [...before, { format: format as ReportFormat, file }];
    },
  );

export const policy = (program: Command) =>
  program
    .command("policy")
    .helpGroup("Plan:")
    .description("check the plan against the policies of its stage; changes nothing and needs no network")
    .addArgument(environment())
    .addOption(new Option("--stage <stage>", "judge it as another stage (default: the profile of the environment)").choices(stages))
    .addOption(report())
    .option("--waivers <file>", "findings that somebody answers for (default: policies/waivers.yaml, where it is there)")
    .option("--overrides <file>", "levels and parameters of the project (default: policies/overrides.yaml, where it is there)")
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(
        ["groundplan policy prod", "the gate of prod"],
        ["groundplan policy dev --stage prod --report sarif=policy.sarif", "as prod, for a scanner"],
      ),
    )
    .action(async (env: string, options: PolicyOptions) => (await import("../commands/policy.ts")).policy(env, options))
    .command("path")
    .description("print the folder of the policy pack: pulumi preview --policy-pack $(groundplan policy path)")
    .action(async () => (await import("../commands/policy-path.ts")).policyPath());
