import pc from "picocolors";
import { shownValue } from "../../core/problems.ts";
import { printJson } from "../json.ts";
import { openProject } from "../project.ts";
import { type SettingRow, settingRows } from "../settings-rows.ts";
import { table } from "../table.ts";

/** Shows every setting of an environment with where it came from. Runs no program and loads no SDK. */
export function config(env: string, options: { readonly json?: boolean }): void {
  const { settings, stack, project, prefix, root } = openProject(env);
  const rows = settingRows(settings);
  if (options.json) {
    printJson({ project, environment: env, stack: prefix, folder: root, settings: rows });
    return;
  }
  const section = (title: string, of: SettingRow["section"]) => {
    // What an environment costs on AWS says nothing on another ground.
    const own = rows.filter((row) => row.section === of && (settings.target === "aws" || !row.path.startsWith("profile.aws.")));
    return own.length === 0 ? [] : ["", pc.bold(title), table(["setting", "value", "from"], own.map(cells))];
  };
  console.log(
    [
      `Settings of ${stack}`,
      ...section("Stack", "stack"),
      ...section("Target", "target"),
      ...section("Arguments of components", "components"),
      ...section(`Profile ${settings.profile.name}`, "profile"),
    ].join("\n"),
  );
}

function cells({ path, value, origin, instead }: SettingRow): string[] {
  const shown = (one: unknown) => (one === null ? "-" : typeof one === "string" ? one : shownValue("", one));
  return [path, shown(value), instead === undefined ? origin : `${origin}, over ${shown(instead)}`];
}
