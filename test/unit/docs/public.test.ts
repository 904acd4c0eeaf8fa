import { expect, test } from "vitest";
import { undocumented } from "../../../docs/reference/public.ts";

test("everything that users import has a docstring, members included", { timeout: 120_000 }, () => {
  expect(undocumented()).toEqual([]);
});
