import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { concat, isSecretText, resolveText, secretRef, shownText, text } from "../../../src/core/text.ts";
import { resolved } from "../connections.ts";

const secrets = { app: pulumi.secret("s3cret"), other: pulumi.secret("0ther") };

describe("text", () => {
  const line = text`user ${"app"} on >${secretRef("app")} port ${6379}`;

  test("keeps secrets as names until they are resolved", async () => {
    expect(shownText(line)).toBe("user app on >[app] port 6379");
    expect(JSON.stringify(line)).not.toContain("s3cret");
    expect(await resolved(resolveText(line, secrets))).toBe("user app on >s3cret port 6379");
  });

  test("is secret as soon as a part of it is", async () => {
    expect(await pulumi.isSecret(resolveText(line, secrets))).toBe(true);
    expect(await pulumi.isSecret(resolveText("plain", secrets))).toBe(false);
    expect(await pulumi.isSecret(resolveText(text`port ${1}`, secrets))).toBe(false);
  });

  test("refuses a secret that the system does not declare, by its name and not by a value", () => {
    expect(() => resolveText(text`${secretRef("missing")}`, secrets)).toThrow('refers to the credential "missing"');
  });

  test("has no empty parts, and one that is empty is still text", async () => {
    expect(text`${secretRef("app")}${secretRef("other")}`.parts).toEqual([{ secret: "app" }, { secret: "other" }]);
    expect(await resolved(resolveText(text``, {}))).toBe("");
  });
});

test("concat joins plain and secret text in order", async () => {
  const joined = concat("a=", text`${secretRef("app")}`, "\n", text`b=${secretRef("other")}`);
  expect(shownText(joined)).toBe("a=[app]\nb=[other]");
  expect(await resolved(resolveText(joined, secrets))).toBe("a=s3cret\nb=0ther");
});

test("only our own form counts as secret text, not what the SDK gives", () => {
  expect(isSecretText(text`a`)).toBe(true);
  expect([pulumi.output("a"), "a", null, undefined, { part: [] }].filter(isSecretText)).toEqual([]);
});
