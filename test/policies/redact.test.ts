import { describe, expect, test } from "vitest";
import { redact } from "../../policies/redact.ts";
import { reportFormats } from "../../policies/reports/formats.ts";
import { reports } from "../../policies/reports/index.ts";
import { gate, server, waiver } from "./gate.ts";

const planted = "hunter2-Zq";

/** All reports over a server whose open input is echoed by a policy. */
function shown(open: unknown, secretInputs: readonly string[], mask: (text: string) => string = (text) => text, extra: Record<string, unknown> = {}) {
  const resources = [server("web", { open, ...extra }, secretInputs), server("api", { open: `it says ${String(open)} too` })];
  const outcome = gate(resources, { waivers: [waiver({ urn: "*::api", reason: `Somebody wrote ${String(open)} into the reason.` })] });
  expect(JSON.stringify(outcome), "the policy does echo it").toContain(JSON.stringify(open).slice(1, -1));
  const safe = redact(outcome, resources, mask);
  return reportFormats.map((format) => [format, reports[format](safe)] as const);
}

describe("no report shows", () => {
  test("what is marked secret, wherever it is quoted", () => {
    for (const [format, text] of shown(planted, ["open"])) {
      expect(text, format).not.toContain(planted);
      expect(text, format).toMatch(/toy-open/);
    }
  });

  test("what lies below a path that is marked", () => {
    const spread = shown(planted, ["nested"], undefined, { nested: { deep: [planted] } });
    for (const [format, text] of spread) expect(text, format).not.toContain(planted);
  });

  test("a credential without a mark, which the mask knows by its value", () => {
    for (const [format, text] of shown(planted, [], (value) => value.replaceAll(planted, "[db-password]"))) {
      expect(text, format).not.toContain(planted);
      expect(text.replaceAll("\\", ""), format).toContain("[db-password]");
    }
  });

  test.each([
    ["the value of a variable", `PASSWORD=${planted}`],
    ["the password of a URL", `postgres://app:${planted}@db:5432/app`],
    ["a leaf of JSON", JSON.stringify({ users: [{ password: planted }] })],
    ["what base64 holds", Buffer.from(planted).toString("base64")],
  ])("%s", (_title, value) => {
    for (const [format, text] of shown(planted, ["other"], undefined, { other: value })) expect(text, format).not.toContain(planted);
  });

  test.each(["ab", 7, true])("a secret of a letter or two at its own place: %j", (value) => {
    const [[, terminal] = ["", ""]] = shownAlone(value);
    expect(terminal).toContain("open breaks the policy; what is there is marked secret");
    for (const [format, text] of shownAlone(value)) expect(text, format).not.toContain(`is "${value}"`);
  });

  const shownAlone = (open: unknown) => {
    const resources = [server("web", { open }, ["open"])];
    const safe = redact(gate(resources), resources, (text) => text);
    return reportFormats.map((format) => [format, reports[format](safe)] as const);
  };
});

test("a secret that is an everyday word changes no name", () => {
  const resources = [server("prod-web", { open: "on", word: "prod" }, ["word"])];
  const outcome = gate(resources);
  const safe = redact(outcome, resources, (text) => text);
  expect(safe.open.map(({ urn, name, policy }) => ({ urn, name, policy }))).toEqual(
    outcome.open.map(({ urn, name, policy }) => ({ urn, name, policy })),
  );
  expect(safe.subject).toEqual(outcome.subject);
  expect(safe.policies).toEqual(outcome.policies);
});

describe("a secret that is a word hides", () => {
  const saying = (secret: string, text: string) => {
    const resources = [server("web", { open: text, other: secret }, ["other"])];
    return redact(gate(resources), resources, (shown) => shown).open.map(({ message }) => message);
  };

  test.each(["temporal", "temporal:7233", "http://temporal/", "a temporal, b", "x-temporal", "(temporal)", "USER=temporal"])(
    "itself in %j",
    (text) => {
      const shown = saying("temporal", text);
      expect(shown.join()).toContain("[secret]");
      expect(shown.join()).not.toContain("temporal");
    },
  );

  test.each(["docker.io/temporalio/server:1.31.2", "atemporal", "temporal2", "temporalé"])("no other word: %j", (text) => {
    expect(saying("temporal", text).join()).toContain(text);
  });

  test.each(["a.b*c", "[ab]{2}", "$5.00", "/x/y", "pass+word", "a|b\\c", "p-4ss"])("characters with a meaning to a search: %j", (secret) => {
    expect(saying(secret, `it is ${secret} here`).join()).not.toContain(secret);
    expect(saying("a.b*c", "it is axb*c here").join()).toContain("axb*c");
  });

  test("what is generated wherever it stands, also inside of another word", () => {
    const secret = "Xk29fjQpLm4TzVb8RwCd7NsHy3GeUa5J";
    for (const text of [secret, `x${secret}y`, `PASSWORD${secret}`, `9${secret}`, `${secret.repeat(2)}`])
      expect(saying(secret, text).join()).not.toContain(secret);
  });
});
