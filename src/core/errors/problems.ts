import type { ErrorEntry } from "./entry.ts";

/** Nothing was created, and the exit code is that of a bad configuration: so it is for every problem. */
const found = { exit: 3, since: "0.2.0" } as const;

/** GP31x to GP33x: kinds of problems of a plan, of settings, and of the machine that the plan is for. */
export const problems = {
  GP310: {
    title: "A value is not allowed",
    meaning: "An argument or a setting has a value that breaks its rule, alone or together with another one. Nothing was created.",
    causes: ["another unit, form or range than the rule says", "two arguments that exclude each other"],
    fix: ["The line `rule` says what is allowed, `fix` what to change, and the first line where the value was written."],
    ...found,
  },
  GP311: {
    title: "An argument or a setting is not known",
    meaning: "Nothing of that name is read, so the value would have no effect. Nothing was created.",
    causes: ["a misspelled name", "an argument of another component or of a newer version"],
    fix: ["Take the name that `fix` proposes, or remove it. The README of the component has its arguments."],
    ...found,
  },
  GP312: {
    title: "An argument or a setting is missing",
    meaning: "Something is required that has no default. Nothing was created.",
    causes: ["it was forgotten", "an environment variable or a stack file sets the group, and not all that is in it"],
    fix: ["Give it: the path in the first line is where it belongs."],
    ...found,
  },
  GP313: {
    title: "The target cannot do it",
    meaning: "The topology asks for something that this target cannot honour, and nothing is dropped silently. Nothing was created.",
    causes: ["a cell of the capability matrix that says no, for this target"],
    fix: ["`docs/capability-matrix.md` has the row; `fix` names the other way, where there is one."],
    ...found,
  },
  GP314: {
    title: "A name is taken",
    meaning: "Two things that must be told apart have one name, number or path. Nothing was created.",
    causes: ["a copied line", "a name that the platform or another component keeps for itself"],
    fix: ["Rename one of the two."],
    ...found,
  },
  GP315: {
    title: "A name does not fit",
    meaning:
      "The name becomes a part of names in Docker, Kubernetes or AWS, and is too long for them, or has letters that they do not take. Nothing was created.",
    causes: ["capitals, underscores, or more letters than the rule says", "the key of an isolated copy that makes the whole too long"],
    fix: ["Choose a shorter name, in lower-case letters, digits and hyphens."],
    ...found,
  },
  GP316: {
    title: "The image is not allowed",
    meaning: "An image needs a version that stays what it is, and profiles that guard data run no placeholder. Nothing was created.",
    causes: ["`latest`, or no tag at all", "no image is named for a service of this environment"],
    fix: ["Name it with its version under `images` in the stack file: `api: registry/name:1.4.2`"],
    ...found,
  },
  GP317: {
    title: "The environment may not override it here",
    meaning:
      "A guarded profile takes from environment variables only where things come from: mirror, images and endpoints. Everything else is reviewed in the stack file. Nothing was created.",
    causes: ["a variable of this shell or pipeline that was meant for dev"],
    fix: ["Unset the variable that the first line names, and write the value into the stack file."],
    ...found,
  },
  GP318: {
    title: "The topology has no such component",
    meaning: "A setting, an environment variable or a connection names a component that the topology does not have. Nothing was created.",
    causes: ["a misspelled name", "a component that was removed or renamed", "settings of another topology"],
    fix: ["Take the name that `fix` proposes, or remove the setting."],
    ...found,
  },
  GP319: {
    title: "A port is taken",
    meaning: "A published port is held by another container or process of this machine. Nothing was created.",
    causes: ["a database or a service of your own that runs here", "a second copy of a stack with the same ports"],
    fix: [
      "The message names who holds it: stop that, set `ports` in the stack file, or start a copy with ports of its own: `groundplan up <environment> --isolation <key>`",
    ],
    ...found,
  },
  GP320: {
    title: "A container or a volume is somebody else's",
    meaning: "Something of that name is there, and no label says that this stack made it. It is not touched.",
    causes: ["it was made by hand, or by another project", "the project was renamed"],
    fix: ["Rename or remove it, when nobody needs it: `docker volume rm <name>`; or use `--isolation <key>`."],
    ...found,
  },
  GP321: {
    title: "A network has the same addresses",
    meaning: "A network of the stack would overlap one that is there. Nothing was created.",
    causes: ["another project, or a VPN, uses the range"],
    fix: ["Set `subnetPool` in the stack file to a private range that is free, e.g. 10.214.0.0/16."],
    ...found,
  },
  GP322: {
    title: "The data has another format",
    meaning: "The volume holds data of another major version of the system, which the planned one cannot read. It is not touched.",
    causes: ["the major version of a system was changed"],
    fix: ["Go back to the version that wrote it, or dump the data there, remove the volume and restore: `docker volume rm <name>`"],
    ...found,
  },
  GP323: {
    title: "There is no such environment",
    meaning: "An environment is a file Pulumi.<environment>.yaml beside Pulumi.yaml, and there is none of that name.",
    causes: ["a misspelled name", "a file that is not checked in"],
    fix: ["The message names those that there are; choose one, or write the file."],
    ...found,
  },
  GP324: {
    title: "A file is not valid YAML",
    meaning: "Pulumi.yaml or a stack file cannot be read, so nothing was looked at.",
    causes: ["indentation, a tab, a colon in text that is not quoted"],
    fix: ["Correct the line that the message names."],
    ...found,
  },
  GP325: {
    title: "The exports of this shell are older than the stack file",
    meaning: "A bare pulumi reads a copy of the stack file, which was taken when this shell took its exports. The file has changed since.",
    causes: ["the stack file was changed after `groundplan env`"],
    fix: ['Take them again: `eval "$(groundplan env <environment>)"`'],
    ...found,
  },
  GP326: {
    title: "A folder or a file is not there",
    meaning: "The topology names a folder or a file of this machine that does not exist, or that no container may have. Nothing was created.",
    causes: ["a path that is not written from the directory of Pulumi.yaml", "a submodule or a build that is missing"],
    fix: ["Correct the path, or make what it names."],
    ...found,
  },
  GP327: {
    title: "An outbound address is not allowed",
    meaning: "The environment lists the addresses that services may reach, and a component declares another one. Nothing was created.",
    causes: ["a new dependency that nobody has allowed yet"],
    fix: ["Have it reviewed and add it to `egress` in the stack file, or remove it from the component."],
    ...found,
  },
  GP328: {
    title: "The policies of a server do not compile",
    meaning:
      "The `opa` on PATH checks the policies of each policy server before they are handed over, strictly, and refuses them. Nothing was created.",
    causes: ["a mistake in a policy, or a newer or older dialect of Rego"],
    fix: ["Correct the file and line that the message names; try alone: `opa check --strict --bundle <folder>`"],
    ...found,
  },
} as const satisfies Record<string, ErrorEntry>;
