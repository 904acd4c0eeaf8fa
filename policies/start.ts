import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue/index.ts";
import { readPolicyFiles } from "./files.ts";
import { noOverrides } from "./overrides.ts";
import { packOf } from "./pack.ts";
import { shown } from "./read.ts";
import { projectOf, stageOf } from "./stage.ts";
import { dayOf } from "./waivers.ts";

const root = projectOf(process.env);
const files = root === undefined ? { waivers: [], overrides: noOverrides } : readPolicyFiles(root, {}, catalogue);
if ("problems" in files) {
  for (const { file, line, path, value, rule, fix } of files.problems)
    console.error(`${file}:${line}: ${path} ${shown(value)}\n    rule  ${rule}\n    fix   ${fix}`);
  process.exit(1);
}
new PolicyPack("groundplan", packOf({ policies: catalogue, stage: stageOf(process.env), day: dayOf(new Date()), ...files }));
