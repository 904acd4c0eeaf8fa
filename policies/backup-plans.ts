import type { Resource } from "./model.ts";
import { record, records, text } from "./read.ts";

const ofResource = "aws:ResourceTag/";

/**
 * Whether a selection of AWS Backup takes a resource by its tags: all of its conditions on equality hold, or one of its tags is
 * there. Kinds of resources, and conditions of other forms, are not looked at.
 */
export function takenByTag(selection: Resource, { inputs }: Pick<Resource, "inputs">): boolean {
  const tags = record(inputs.tags);
  const has = (key: unknown, value: unknown) => tags[(text(key) ?? "").replace(ofResource, "")] === value && value !== undefined;
  const equal = records(selection.inputs.conditions).flatMap(([, { stringEquals }]) => records(stringEquals));
  if (equal.length > 0) return equal.every(([, { key, value }]) => has(key, value));
  return records(selection.inputs.selectionTags).some(([, { key, value }]) => has(key, value));
}
