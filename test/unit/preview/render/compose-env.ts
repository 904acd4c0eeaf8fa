/**
 * What Docker Compose makes of `.env` and of `${VARIABLE}`, as its dotenv and template packages do it: in single quotes
 * a backslash escapes the quote alone; in double quotes it also escapes itself, `$` and the letters of line breaks.
 */
export function readEnvFile(content: string): Record<string, string> {
  const values: Record<string, string> = {};
  let rest = content;
  while (rest.trim() !== "") {
    const line = /^(?:\s|#[^\n]*\n)*([A-Za-z_][A-Za-z0-9_.]*)=(['"])/.exec(rest);
    const [head = "", name = "", quote = ""] = line ?? [];
    if (!line) {
      if (/^(\s|#[^\n]*(\n|$))*$/.test(rest)) break;
      throw new Error(`not a line of an env file: ${rest.slice(0, 40)}`);
    }
    const { text, length } = quoted(rest.slice(head.length), quote);
    values[name] = quote === '"' ? unescaped(text) : text;
    rest = rest.slice(head.length + length);
  }
  return values;
}

function quoted(source: string, quote: string): { text: string; length: number } {
  let text = "";
  let escaped = false;
  for (const [index, char] of [...source].entries()) {
    if (char === quote && !escaped) return { text, length: [...source].slice(0, index + 1).join("").length };
    if (char === "\\" && !escaped) {
      escaped = true;
      continue;
    }
    if (escaped && char !== quote) text += "\\";
    text += char;
    escaped = false;
  }
  throw new Error("unterminated quoted value");
}

const unescaped = (text: string) =>
  text.replace(/\\(.)|(\$)/gs, (_, letter: string | undefined) => {
    if (letter === undefined) throw new Error("an unescaped $ in double quotes");
    if (letter === "n") return "\n";
    if (letter === "r") return "\r";
    return '$"\\'.includes(letter) ? letter : `\\${letter}`;
  });

/** Interpolation of compose.yaml; a `$` that is neither escaped nor a variable is an error, as it is for Compose. */
export const interpolate = (text: string, values: Readonly<Record<string, string>>) =>
  text.replace(/\$(?:(\$)|\{([A-Z][A-Z0-9_]*)\}|)/g, (all, dollar: string | undefined, name: string | undefined) => {
    if (dollar) return "$";
    const value = name === undefined ? undefined : values[name];
    if (value === undefined) throw new Error(`cannot interpolate ${all}${name ?? ""}`);
    return value;
  });
