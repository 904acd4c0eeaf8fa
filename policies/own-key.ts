import type { Resource } from "./model.ts";
import { hasInput, peek, text } from "./read.ts";

/** Whether a resource is encrypted with a key of AWS: no key is named, or the alias of such a one. */
export const lacksOwnKey = (resource: Resource, input: string): boolean =>
  !hasInput(resource, input) || /(^|:)alias\/aws\//.test(text(peek(resource.inputs, input)) ?? "");
