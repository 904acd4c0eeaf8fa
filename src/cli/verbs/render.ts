import type { Command } from "commander";
import { environment, examples, isolation } from "./options.ts";

export const render = (program: Command) =>
  program
    .command("render")
    .helpGroup("Plan:")
    .description("write a folder that starts with plain docker compose up --wait, or kubectl apply -k")
    .addArgument(environment())
    .option("--output <folder>", "where to", ".groundplan/rendered/<environment>")
    .addOption(isolation())
    .addHelpText("after", examples(["groundplan render staging --output build/staging", "manifests for a cluster"]))
    .action(async (env: string, options: { output: string }) => (await import("../commands/render.ts")).render(env, options));
