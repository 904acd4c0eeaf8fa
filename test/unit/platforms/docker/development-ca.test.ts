import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Certificates } from "../../../../src/platforms/docker/certificates.ts";
import { developmentCa, issuedBefore, issueFor } from "../../../../src/platforms/docker/development-ca.ts";
import { resolved } from "../../connections.ts";

const day = 86_400_000;
const names = ["localhost", "shop.test", "127.0.0.1"];
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "groundplan-ca-"));
});
afterEach(() => rmSync(root, { recursive: true }));
const folder = () => join(root, ".groundplan", "development-ca");

test("one authority for the folder, and a certificate of a server that it proves", async () => {
  const { certificate, key, ca } = await issueFor(root, names);
  const parsed = new X509Certificate(certificate);
  const authority = new X509Certificate(ca);
  expect(parsed.verify(authority.publicKey)).toBe(true);
  expect(parsed.checkIssued(authority)).toBe(true);
  expect([authority.ca, parsed.ca]).toEqual([true, false]);
  expect(names.map((name) => (/^\d/.test(name) ? parsed.checkIP(name) : parsed.checkHost(name)))).toEqual(names);
  expect(parsed.checkHost("elsewhere.test")).toBeUndefined();
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(readFileSync(join(root, developmentCa), "utf8")).toBe(ca);
  const years = (Date.parse(authority.validTo) - Date.now()) / day / 365;
  expect(years).toBeGreaterThan(9.9);
  expect((await issueFor(root, ["other.test"])).ca).toBe(ca);
});

test("keys are readable by their owner only, and nothing half made is left", async () => {
  await Promise.all([issueFor(root, names), issueFor(root, ["other.test"])]);
  expect(modeOf(join(folder(), "ca.key"))).toBe("600");
  const issued = readdirSync(join(folder(), "issued"));
  expect(issued).toHaveLength(2);
  for (const file of issued) expect(modeOf(join(folder(), "issued", file))).toBe("600");
  expect(readdirSync(join(root, ".groundplan"))).toEqual(["development-ca"]);
  expect(readFileSync(join(folder(), ".gitignore"), "utf8")).toBe("*\n");
  // Of two that began at once, both go by the same authority.
  for (const own of [names, ["other.test"]]) {
    const found = issuedBefore(root, own);
    expect(new X509Certificate(found?.certificate ?? "").checkIssued(new X509Certificate(found?.ca ?? ""))).toBe(true);
  }
});

test("the same certificate until the last third of its life, and then another of the same authority", async () => {
  const now = Date.now();
  const first = await issueFor(root, names, now);
  expect(await issueFor(root, [...names].toReversed(), now + 59 * day)).toEqual(first);
  const second = await issueFor(root, names, now + 61 * day);
  expect(second.certificate).not.toBe(first.certificate);
  expect(second.key).not.toBe(first.key);
  expect(second.ca).toBe(first.ca);
  expect(issuedBefore(root, names, now + 61 * day)).toEqual(second);
});

test("a certificate of an authority that is gone is not kept", async () => {
  const first = await issueFor(root, names);
  const other = mkdtempSync(join(tmpdir(), "groundplan-ca-"));
  const { ca } = await issueFor(other, names);
  writeFileSync(join(folder(), "ca.crt"), ca);
  writeFileSync(join(folder(), "ca.key"), readFileSync(join(other, ".groundplan", "development-ca", "ca.key")));
  rmSync(other, { recursive: true });
  expect(issuedBefore(root, names)).toBeUndefined();
  expect((await issueFor(root, names)).certificate).not.toBe(first.certificate);
});

test("a plan that is looked at makes nothing and is always the same", async () => {
  const parts = async (source: "stand-in" | "kept" | "issued") => {
    const certificates = new Certificates(root);
    const asked = (["certificate", "key", "ca"] as const).map((part) => resolved(certificates.part(names, part)));
    certificates.release(source);
    return Promise.all(asked);
  };
  const standIns = await parts("stand-in");
  expect(standIns.every((text) => text.includes("STAND-IN"))).toBe(true);
  expect(await parts("kept")).toEqual(standIns);
  expect(readdirSync(root)).toEqual([]);
  const real = await parts("issued");
  expect(new X509Certificate(real[0] ?? "").checkHost("shop.test")).toBe("shop.test");
  expect(await parts("kept")).toEqual(real);
  expect(await parts("stand-in")).toEqual(standIns);
});

test("nothing is made before the plan is whole, and only the key is secret", async () => {
  const certificates = new Certificates(root);
  const key = certificates.part(names, "key");
  const certificate = certificates.part(names, "certificate");
  await new Promise((later) => setTimeout(later, 50));
  expect(readdirSync(root)).toEqual([]);
  certificates.release("issued");
  const secret = (output: object) => (output as { isSecret: Promise<boolean> }).isSecret;
  expect([await secret(key), await secret(certificate)]).toEqual([true, false]);
  const issued = new X509Certificate(await resolved(certificate));
  expect(issued.checkPrivateKey(createPrivateKey(await resolved(key)))).toBe(true);
});
