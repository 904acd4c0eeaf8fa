import type { ErrorCode } from "../../src/core/errors.ts";

/** The end of what the command says when it ends with an error of the catalogue. */
export const endsWithCode = (code: ErrorCode) => new RegExp(`\\n {2}${code} {2}groundplan explain ${code}\\n?$`);
