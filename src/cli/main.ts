import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { stages } from "../../policies/model.ts";
import { type ReportFormat, reportFormats } from "../../policies/reports/formats.ts";
import { missingPeer, notInstalled } from "../core/peers.ts";
import type { PolicyOptions, ReportWanted } from "./commands/policy.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { engines } from "./state.ts";

const environment = ["[environment]", "environment: the middle of Pulumi.<environment>.yaml", "dev"] as const;
const isolation = () =>
  new Option("--isolation <key>", "work on an isolated copy beside the first").argParser((key: string) => {
    process.env.GROUNDPLAN_ISOLATION = key;
    return key;
  });
const engine = () =>
  new Option("--engine <engine>", "what deploys (default: the one it belongs to, else pulumi when it is installed, else compose)").choices(engines);

const timings = () => new Option("--timings", "say what took how long, and which chain of waiting parts was the longest (target docker)");

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

/** The command line. Each verb is a file of its own, loaded only when it is called. */
function program(): Command {
  const groundplan = new Command("groundplan")
    .description("One typed plan, three grounds: preview, deploy and check a topology")
    .addHelpText("after", "\nExit codes: 0 done, 1 findings, 2 could not run, 3 bad configuration")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .showSuggestionAfterError();
  groundplan
    .command("start")
    .description("bring up dev where a Docker daemon answers, else preview it")
    .addOption(timings())
    .action(async (options: { timings?: boolean }) => (await import("./commands/start.ts")).start(options));
  groundplan
    .command("preview")
    .description("show what would be deployed; changes nothing and needs no network")
    .argument(...environment)
    .option("--json", "the whole plan as JSON, credentials masked")
    .addOption(isolation())
    .action(async (env: string, options: { json?: boolean }) => (await import("./commands/preview.ts")).preview(env, options));
  groundplan
    .command("render")
    .description("write a folder that starts with plain docker compose up --wait, or kubectl apply -k")
    .argument(...environment)
    .option("--output <folder>", "where to", ".groundplan/rendered/<environment>")
    .addOption(isolation())
    .action(async (env: string, options: { output: string }) => (await import("./commands/render.ts")).render(env, options));
  groundplan
    .command("up")
    .description("deploy, wait until everything is ready, and show the endpoints")
    .argument(...environment)
    .addOption(engine())
    .addOption(isolation())
    .option("--refresh", "look first at what is really there (engine pulumi)")
    .addOption(timings())
    .action(async (env: string, options: { engine?: "pulumi" | "compose"; refresh?: boolean; timings?: boolean }) =>
      (await import("./commands/up.ts")).up(env, options),
    );
  groundplan
    .command("down")
    .description("take everything down but data and the credentials that open it")
    .argument(...environment)
    .option("--volumes", "delete data and credentials too")
    .option("--yes", "delete data of staging and prod without asking")
    .addOption(engine())
    .addOption(isolation())
    .action(async (env: string, options: { engine?: "pulumi" | "compose"; volumes?: boolean; yes?: boolean }) =>
      (await import("./commands/down.ts")).down(env, options),
    );
  groundplan
    .command("verify")
    .description("check every system by its own protocol, and who reaches whom")
    .argument(...environment)
    .option("--folder <folder>", "check a rendered folder that was started with docker compose")
    .addOption(isolation())
    .action(async (env: string, options: { folder?: string }) => (await import("./commands/verify.ts")).verify(env, options));
  groundplan
    .command("policy")
    .description("check the plan against the policies of its stage; changes nothing and needs no network")
    .argument(...environment)
    .addOption(new Option("--stage <stage>", "judge it as another stage (default: the profile of the environment)").choices(stages))
    .addOption(report())
    .option("--waivers <file>", "findings that somebody answers for (default: policies/waivers.yaml, where it is there)")
    .option("--overrides <file>", "levels and parameters of the project (default: policies/overrides.yaml, where it is there)")
    .addOption(isolation())
    .action(async (env: string, options: PolicyOptions) => (await import("./commands/policy.ts")).policy(env, options))
    .command("path")
    .description("print the folder of the policy pack: pulumi preview --policy-pack $(groundplan policy path)")
    .action(async () => (await import("./commands/policy-path.ts")).policyPath());
  groundplan
    .command("retire")
    .description("print the two steps that take a component out with its data; changes nothing and needs no network")
    .argument("<environment>", environment[1])
    .argument("<component>", "its name in the topology")
    .addOption(isolation())
    .action(async (env: string, component: string) => (await import("./commands/retire.ts")).retire(env, component));
  groundplan
    .command("config")
    .description("show the settings of an environment and where each came from")
    .argument(...environment)
    .addOption(isolation())
    .action(async (env: string) => (await import("./commands/config.ts")).config(env));
  groundplan
    .command("env")
    .description('print the exports with which bare pulumi uses the same state: eval "$(groundplan env dev)"')
    .argument(...environment)
    .addOption(isolation())
    .action(async (env: string) => (await import("./commands/env.ts")).env(env));
  return groundplan;
}

try {
  process.exitCode = exitCodes.done;
  await program().parseAsync();
} catch (error) {
  process.exitCode = told(error);
}

function told(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.couldNotRun;
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.code;
  }
  const missing = missingPeer(String(error));
  if (missing) {
    console.error(notInstalled([missing], "groundplan"));
    return exitCodes.couldNotRun;
  }
  const text = error instanceof Error ? error : new Error(String(error));
  console.error(
    process.env.GROUNDPLAN_DEBUG ? text.stack : `groundplan failed: ${text.message}\n  Run with GROUNDPLAN_DEBUG=1 for the whole message.`,
  );
  return exitCodes.couldNotRun;
}
