import { mkdirSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { archive } from "../../core/archive.ts";
import { shownPlan } from "../../preview/plan.ts";
import { aboutFile, bundleOf } from "../debug/bundle.ts";
import { type RawFile, type Running, runningContainers, runningPods } from "../debug/running.ts";
import { keptFiles, knownSecrets } from "../debug/secrets.ts";
import { runChecks } from "../doctor/check.ts";
import { type Examined, examine } from "../doctor/examined.ts";
import { allChecks } from "../doctor/index.ts";
import { composeVersion } from "../engines/compose.ts";
import { couldNotRun } from "../exit.ts";
import { printJson } from "../json.ts";
import { settingRows } from "../settings-rows.ts";
import { systemReason } from "../system-reason.ts";
import { table } from "../table.ts";
import { packageVersion } from "../version.ts";

/** Writes a bundle for an issue report. Whatever cannot be looked at is told in it; nothing is sent anywhere. */
export async function debug(env: string, options: { readonly output?: string; readonly json?: boolean }): Promise<void> {
  const about = await examine(env);
  const { project, plan } = about;
  const running = await whatRuns(about);
  const raw: RawFile[] = [
    { path: "versions.json", content: await versionsOf(about) },
    { path: "doctor.json", content: await runChecks(allChecks, about) },
    ...(project ? [{ path: "config.json", content: settingRows(project.settings) }] : []),
    ...(plan ? [{ path: "plan.json", content: shownPlan(plan) }] : [{ path: "problems.txt", content: about.refusal ?? "" }]),
    ...(project ? [{ path: "kept.json", content: keptFiles(project.state) }] : []),
    ...running.files,
  ];
  const files = bundleOf(raw, [...(await knownSecrets(project, plan, process.env)), ...running.secrets]);
  const name = `groundplan-debug-${project?.prefix ?? env}-${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}.tar.gz`;
  const file = resolve(options.output ?? join(project ? join(project.root, ".groundplan", "debug") : ".", name));
  write(file, gzipSync(gunzipSync(archive(files))));
  const told = files.map(({ path, content }) => ({ path, bytes: Buffer.byteLength(content) }));
  if (options.json) return printJson({ file, files: told });
  console.log(`${relative(process.cwd(), file) || file}, for you to attach to an issue; nothing was sent\n`);
  console.log(
    table(
      ["file", "bytes", "what it is"],
      told.map(({ path, bytes }) => [path, String(bytes), aboutFile(path)]),
    ),
  );
  console.log("\n  Passwords, tokens and keys are hidden, also in logs. Look through it before you hand it on: tar -xzf <file>");
}

async function versionsOf({ daemon, endpoint, pulumi, engine, env }: Examined) {
  return {
    groundplan: packageVersion(),
    environment: env,
    engine,
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    pulumi: pulumi ?? null,
    docker: daemon?.facts.version ?? null,
    endpoint: endpoint?.host ?? null,
    compose: (daemon && (await composeVersion(daemon))) ?? null,
  };
}

async function whatRuns({ project, plan, daemon }: Examined): Promise<Running> {
  const nothing = (content: string): Running => ({ files: [{ path: "running.txt", content }], secrets: [] });
  if (!project) return nothing("there is no project");
  try {
    if (project.settings.target === "docker") {
      return daemon ? await runningContainers(daemon, project.prefix) : nothing("no Docker daemon answers");
    }
    if (project.settings.target === "kubernetes" && plan) return await runningPods(project, plan);
    return nothing(`target ${project.settings.target} is not looked at from here`);
  } catch (error) {
    return nothing(error instanceof Error ? error.message : String(error));
  }
}

/** For its owner alone, as everything that tells of an environment. */
function write(file: string, bytes: Buffer): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, bytes, { mode: 0o600 });
  } catch (error) {
    throw couldNotRun("GP503", `${file} could not be written: ${systemReason(error)}`);
  }
}
