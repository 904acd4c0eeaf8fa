import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version of this package: of its package.json, wherever below it this file lies. */
export function packageVersion(from: string = import.meta.dirname): string {
  const file = join(from, "package.json");
  if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  const parent = dirname(from);
  return parent === from ? "unknown" : packageVersion(parent);
}
