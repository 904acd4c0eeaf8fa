import type { Command } from "commander";

const call = /(?:^|[\s("'`])groundplan ((?:[^\s"'`$)&|;#]+ ?|"[^"]*" ?)+)/g;

/** What is wrong with the calls of groundplan in a shell text: a verb or an option that is not there, or too many words. */
export function unknownCalls(text: string, root: Command): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, " ");
  return [...joined.matchAll(call)].flatMap(([, words = ""]) => unknown(words.trim().split(/\s+/), root));
}

function unknown(words: readonly string[], root: Command): string[] {
  let command = root;
  const wrong: string[] = [];
  let free = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const below = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (below && free === 0) {
      command = below;
    } else if (word.startsWith("-")) {
      const [name = ""] = word.split("=");
      const option = [...command.options, ...root.options].find(({ long, short }) => long === name || short === name);
      const inherited = ["--help", "-h"].includes(name);
      if (!option && !inherited) wrong.push(`${command.name()} has no option ${name}`);
      if (option?.required && !word.includes("=")) at++;
    } else if (command === root) {
      wrong.push(`there is no verb ${word}`);
      break;
    } else {
      free++;
    }
  }
  const takes = command.registeredArguments;
  if (free > takes.length && !takes.some(({ variadic }) => variadic)) wrong.push(`${command.name()} takes ${takes.length} words, not ${free}`);
  return wrong.map((what) => `${words.join(" ")}: ${what}`);
}
