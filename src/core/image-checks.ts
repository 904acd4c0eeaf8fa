import { type Check, isRecord, mapOf, matching, shape } from "./checks.ts";
import { type Build, pinnedImage } from "./images.ts";
import { looksSecret } from "./problems.ts";

const rule = "no secret: arguments of a build stay in the history of the image";
const fix =
  "give it to the running service under env; what a build itself needs, build elsewhere with a secret mount, and name the image by its reference";

/** Arguments of a build, each a word with a text that is no secret. */
const argsCheck: Check = (value, at) => {
  const findings = mapOf(matching(/^\w+$/, "a word", "rename the argument"), matching(/^/, "text", "quote it"))(value, at);
  if (findings.length > 0 || !isRecord(value)) return findings;
  return Object.entries(value).flatMap(([name, text]) =>
    looksSecret(name) || holdsSecret(String(text)) ? [{ path: `${at}.${name}`, value: "[hidden]", rule, fix, code: "GP316" as const }] : [],
  );
};

/** A password in a URL, or a private key. */
const holdsSecret = (text: string) => /:\/\/[^\s:/@]*:[^\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY/.test(text);

const builtImage = shape<{ build: Build }>(
  {
    build: shape<Build>(
      {
        context: matching(/\S/, "a folder", "give the path from the directory of Pulumi.yaml"),
        dockerfile: matching(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))\S+$/, "a path below the context", "e.g. Dockerfile"),
        target: matching(/^\S+$/, "a stage of the Dockerfile", "give its name"),
        args: argsCheck,
      },
      ["context"],
    ),
  },
  ["build"],
);

/** An image of a service: a reference that does not float, or a folder that it is built from. */
export const imageCheck: Check = (value, at) => (isRecord(value) ? builtImage(value, at) : pinnedImage(value, at));
