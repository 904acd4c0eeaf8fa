/** Codes of the system, in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is nothing of this name, or its folder is missing",
  EISDIR: "this is a folder",
  ENOTDIR: "what should be its folder is a file",
  EACCES: "you have no right to it",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
};

/** Why the system refused a file, for a person; the code itself where there are no words for it. */
export const systemReason = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? String(error) : (reasons[code] ?? code);
};
