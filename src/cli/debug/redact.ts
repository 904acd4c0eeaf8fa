import { isToldBeside, withoutTold } from "../../core/plain-secrets.ts";
import { looksSecret, shownLog } from "../../core/problems.ts";
import { worthHiding } from "../secret-values.ts";

/** What a text may not show, by its form. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[hidden key]"],
  // user:password@ and token@ of URLs.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, "$1[hidden]@"],
  [/([?&](?:[\w-]*(?:token|key|secret|password|signature|sig|credential)[\w-]*)=)[^&\s"']+/gi, "$1[hidden]"],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 [hidden]"],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, "[hidden token]"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "[hidden]"],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|npm_|pul-|sk-|xox[abprs]-)[\w-]{16,}/g, "[hidden token]"],
  // password=x, "api_key": "x", --token "x"; not the type of a resource.
  [
    /((?:pass(?:word|phrase|wd)?|secret|token|credentials?|api[-_]?key|private[-_]?key|authorization)[\w-]*["']?\s*(?:=|:|\s(?=["']))\s*)(?!:|RandomPassword\b)("[^"]*"|'[^']*'|[^\s,;}"']+)/gi,
    "$1[hidden]",
  ],
];

export type Redact = (text: string) => string;

/** Hides known values wherever they stand, also as they stand in URLs and in JSON, and everything that has the form of a secret. */
export function redactor(secrets: readonly string[]): Redact {
  const written = worthHiding(secrets).flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64"),
  ]);
  // The longest first: one may be part of another.
  const values = [...new Set(written)].toSorted((a, b) => b.length - a.length);
  return (text) => {
    const known = values.reduce((hidden, value) => hidden.replaceAll(value, "[hidden]"), text);
    return shownLog(
      withoutTold(
        forms.reduce((hidden, [form, shown]) => hidden.replace(form, shown), known),
        "[hidden]",
      ),
    );
  };
}

/**
 * A value as JSON, text by text: replaced in the whole, a quote could go with the secret before it. What stands under a name
 * of a secret, or beside one, is hidden whatever it is; what is masked already says more as it is.
 */
export const redactedJson = (value: unknown, redact: Redact): string =>
  `${JSON.stringify(
    value,
    function (this: unknown, key, inner: unknown) {
      if (typeof inner !== "string") return inner;
      return isSecret(key, inner) || isToldBeside(this, key) ? "[hidden]" : redact(inner);
    },
    2,
  )}\n`;

/** `credential` is what the library calls the name of one. */
const isSecret = (key: string, value: string) => looksSecret(key) && key !== "credential" && !/^\[[\w-]+\]$/.test(value);
