import { createHash, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * A certificate authority for development, one for each project folder, below `.groundplan/development-ca`. Whoever trusts
 * `ca.crt` trusts what its key signs, so the key is readable by its owner only and never leaves the folder.
 */
export interface Issued {
  /** All in PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

const dayMs = 86_400_000;
const authorityDays = 3650;
const certificateDays = 90;
/** Renewed at the first `up` in the last third of its life. */
const renewDays = certificateDays / 3;

/** Where a person finds the authority, from the directory of Pulumi.yaml. */
export const developmentCa = join(".groundplan", "development-ca", "ca.crt");

const folderOf = (root: string) => join(root, ".groundplan", "development-ca");

/** The certificate that was issued for exactly these names, while it is good for some time yet. */
export function issuedBefore(root: string, names: readonly string[], now = Date.now()): Issued | undefined {
  const folder = folderOf(root);
  const file = join(folder, "issued", fileOf(names));
  if (!existsSync(file) || !existsSync(join(folder, "ca.crt"))) return undefined;
  const [key = "", certificate = ""] = readFileSync(file, "utf8").split(/(?=-----BEGIN CERTIFICATE-----)/);
  const ca = readFileSync(join(folder, "ca.crt"), "utf8");
  const parsed = new X509Certificate(certificate);
  const good = Date.parse(parsed.validTo) - now > renewDays * dayMs && parsed.verify(new X509Certificate(ca).publicKey);
  return good ? { certificate, key, ca } : undefined;
}

/** The certificate for these names: the one that is there, or a new one. Makes the authority when there is none. */
export async function issueFor(root: string, names: readonly string[], now = Date.now()): Promise<Issued> {
  const before = issuedBefore(root, names, now);
  if (before) return before;
  // Loaded only here: a plan that is looked at, and a stack without a gateway, do not pay for it.
  const { newAuthority, newCertificate } = await import("./x509.ts");
  const folder = folderOf(root);
  if (!existsSync(join(folder, "ca.crt"))) {
    const authority = await newAuthority(`groundplan development authority of ${basename(root)}`, new Date(now), authorityDays);
    // Whole or not at all: of two runs at once, one finds the folder of the other.
    settle(folder, (made) => {
      writeFileSync(join(made, "ca.key"), authority.key, { mode: 0o600 });
      writeFileSync(join(made, "ca.crt"), authority.certificate);
      writeFileSync(join(made, ".gitignore"), "*\n");
      mkdirSync(join(made, "issued"));
    });
  }
  const authority = { certificate: readFileSync(join(folder, "ca.crt"), "utf8"), key: readFileSync(join(folder, "ca.key"), "utf8") };
  const leaf = await newCertificate(authority, names, new Date(now), certificateDays);
  const file = join(folder, "issued", fileOf(names));
  writeFileSync(`${file}.${process.pid}`, `${leaf.key}${leaf.certificate}`, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return { ...leaf, ca: authority.certificate };
}

const fileOf = (names: readonly string[]) =>
  `${createHash("sha256")
    .update([...names].toSorted().join(" "))
    .digest("hex")
    .slice(0, 16)}.pem`;

function settle(folder: string, fill: (folder: string) => void): void {
  mkdirSync(join(folder, ".."), { recursive: true, mode: 0o700 });
  const made = mkdtempSync(`${folder}-`);
  try {
    fill(made);
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(join(folder, "ca.crt"))) throw error;
  }
}
