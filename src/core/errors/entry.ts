/** What the catalogue says of one error, for a person who has met it. */
export interface ErrorEntry {
  /** What is wrong, in a few words, without a full stop. */
  readonly title: string;
  /** What it means, and what has been done by then and what has not. */
  readonly meaning: string;
  /** What it usually comes from, the likeliest first. */
  readonly causes: readonly string[];
  /** What to do; commands stand in backquotes. */
  readonly fix: readonly string[];
  /** Exit code of the command that ends with it: 2 could not run, 3 bad configuration, 130 interrupted. */
  readonly exit: 2 | 3 | 130;
  /** First version that says it. */
  readonly since: string;
}
