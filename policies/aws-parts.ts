import type { Resource, Stack } from "./model.ts";
import { hasInput, peek, text } from "./read.ts";

/** Whether `input` of a resource holds the id, URL or ARN of the owner, or one with the name that both write down. */
export function belongsTo(stack: Stack, part: Resource, input: string, owner: Resource, nameInput: string): boolean {
  const sources = part.propertyDependencies[input] ?? [];
  if (sources.length === 0) {
    const written = text(part.inputs[input]);
    const name = text(peek(owner.inputs, nameInput)) ?? "";
    return written !== undefined && name !== "" && (written === name || written.endsWith(`/${name}`) || written.endsWith(`:${name}`));
  }
  // One part may take the name from another, to come after it.
  return sources.some((urn) => {
    const source = stack.byUrn(urn);
    return urn === owner.urn || (source !== undefined && hasInput(source, input) && belongsTo(stack, source, input, owner, nameInput));
  });
}

/** Resources of these types that belong to the owner. */
export const partsOf = (stack: Stack, owner: Resource, types: readonly string[], input: string, nameInput: string): readonly Resource[] =>
  stack.ofType(...types).filter((part) => belongsTo(stack, part, input, owner, nameInput));

/** Parameter of policies that want a key of one's own. */
export const customerKey = {
  meaning: "1 wants a KMS key of one's own, 0 takes the one that AWS keeps",
  default: { dev: 0, staging: 0, prod: 1 },
  minimum: 0,
  maximum: 1,
};

/** Whether the key is one that AWS keeps for the account: none is named, or its alias. */
export const takesKeyOfAws = (resource: Resource, name: string): boolean =>
  !hasInput(resource, name) || /(^|:)alias\/aws\//.test(text(peek(resource.inputs, name)) ?? "");
