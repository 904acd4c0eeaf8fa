import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";

/** The same plan with keys and certificates that hold in place of those that only have the form: the provider's part, by openssl. */
export function withCertificates(plan: Plan): Plan {
  if (!plan.resources.some(({ type }) => type.startsWith("tls:"))) return plan;
  const folder = mkdtempSync(join(tmpdir(), "groundplan-certificates-"));
  try {
    const real = made(plan, folder);
    let text = JSON.stringify(plan);
    for (const [form, value] of real) text = text.replaceAll(inJson(form), inJson(value));
    return JSON.parse(text) as Plan;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const inJson = (value: string) => JSON.stringify(value).slice(1, -1);

/** What each recorded PEM stands for. */
function made(plan: Plan, folder: string): Map<string, string> {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const of = (type: string) => plan.resources.filter((resource) => resource.type.endsWith(`:${type}`));
  const real = new Map<string, string>();
  /** Writes what a recorded PEM stands for into a file. */
  const file = (name: string, form: unknown) => {
    const value = real.get(String(form));
    if (!value) throw new Error(`${name}: the plan does not tell where it comes from`);
    writeFileSync(join(folder, name), value);
    return name;
  };
  const keep = (form: unknown, name: string) => real.set(String(form), readFileSync(join(folder, name), "utf8"));
  for (const { outputs } of of("PrivateKey")) {
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "new.key");
    keep(outputs.privateKeyPem, "new.key");
  }
  for (const { inputs, outputs } of of("SelfSignedCert")) {
    const key = file("ca.key", inputs.privateKeyPem);
    openssl("req", "-x509", "-key", key, "-out", "ca.pem", "-days", days(inputs), "-subj", subjectOf(inputs));
    keep(outputs.certPem, "ca.pem");
  }
  for (const { inputs, outputs } of of("CertRequest")) {
    const names = (inputs.dnsNames as string[]).map((name) => `DNS:${name}`).join(",");
    const key = file("member.key", inputs.privateKeyPem);
    openssl("req", "-new", "-key", key, "-out", "new.csr", "-subj", subjectOf(inputs), "-addext", `subjectAltName=${names}`);
    keep(outputs.certRequestPem, "new.csr");
  }
  for (const { inputs, outputs } of of("LocallySignedCert")) {
    const by = ["-CA", file("ca.pem", inputs.caCertPem), "-CAkey", file("ca.key", inputs.caPrivateKeyPem), "-CAcreateserial"];
    const request = file("member.csr", inputs.certRequestPem);
    const usage = (inputs.allowedUses as string[]).flatMap((use) => usages[use] ?? []);
    writeFileSync(join(folder, "usage"), `keyUsage=digitalSignature\nextendedKeyUsage=${usage.join(",")}\n`);
    openssl("x509", "-req", "-in", request, ...by, "-days", days(inputs), "-copy_extensions", "copy", "-extfile", "usage", "-out", "new.pem");
    keep(outputs.certPem, "new.pem");
  }
  return real;
}

const usages: Readonly<Record<string, string>> = { server_auth: "serverAuth", client_auth: "clientAuth" };
const days = ({ validityPeriodHours }: PlanResource["inputs"]) => String(Number(validityPeriodHours) / 24);
const subjectOf = ({ subject }: PlanResource["inputs"]) => `/CN=${(subject as { commonName: string }).commonName}`;
