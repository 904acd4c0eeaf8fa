import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { stateFolder } from "../../core/naming.ts";
import { type Check, notLookedAt, ok, problem, type Verdict } from "./check.ts";
import type { Examined } from "./examined.ts";

/** A folder or file of the state, with its permission bits. */
export interface StateEntry {
  readonly path: string;
  readonly mode: number;
  readonly mine: boolean;
}

/** Credentials and keys are in it: nobody else may look. */
export function judgeState(entries: readonly StateEntry[]): Verdict {
  const open = entries.filter(({ mode }) => (mode & 0o077) !== 0);
  const foreign = entries.filter(({ mine }) => !mine);
  if (open.length + foreign.length === 0) return ok(entries.length === 0 ? "nothing is kept yet" : "readable by you alone");
  return problem(
    [
      ...open.map(({ path, mode }) => `${path} is open to others (${(mode & 0o777).toString(8).padStart(4, "0")})`),
      ...foreign.map(({ path }) => `${path} belongs to another user`),
    ].join("; "),
    [
      ...(open.length > 0 ? [`chmod go= ${open.map(({ path }) => path).join(" ")}`] : []),
      ...(foreign.length > 0 ? [`sudo chown -R "$USER" ${stateFolder}`] : []),
    ].join(" && "),
  );
}

/** The folder, which keeps everybody out of what is below it, and the files below it that open something. */
function entriesOf(root: string): StateEntry[] {
  const folder = join(root, stateFolder);
  if (!existsSync(folder)) return [];
  const secrets = ["credentials.json", "passphrase", "compose/.env"];
  const paths = readdirSync(folder).flatMap((name) => secrets.map((secret) => join(folder, name, secret)));
  return [folder, ...paths.filter(existsSync)].map((path) => {
    const { mode, uid } = lstatSync(path);
    return { path: relative(root, path), mode, mine: uid === process.getuid?.() };
  });
}

export const stateCheck: Check<Examined> = {
  id: "state",
  title: "State folder",
  look: ({ project }) => {
    if (!project) return notLookedAt("there is no project");
    if (process.platform === "win32") return notLookedAt("Windows has no such permissions");
    return judgeState(entriesOf(project.root));
  },
};
