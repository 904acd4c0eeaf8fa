import { randomInt } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Generated credentials of an environment that Compose runs: kept in a file that only its owner reads. */
export interface CredentialStore {
  /** The value of a credential; made at the first question. */
  valueOf(name: string): string;
  /** Gives credentials another value; what they were is not kept. */
  renew(names: readonly string[]): void;
  /** Those that there are. */
  all(): Readonly<Record<string, string>>;
  save(): void;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const generated = () => Array.from({ length: 32 }, () => alphabet[randomInt(alphabet.length)]).join("");

export function openCredentials(file: string): CredentialStore {
  const values = read(file);
  return {
    valueOf(name) {
      values[name] ??= generated();
      return values[name];
    },
    renew(names) {
      for (const name of names) values[name] = generated();
    },
    all: () => ({ ...values }),
    save() {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, `${JSON.stringify(values, Object.keys(values).toSorted(), 2)}\n`, { mode: 0o600 });
      chmodSync(`${file}.new`, 0o600);
      renameSync(`${file}.new`, file);
    },
  };
}

function read(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
