import type { Argument, Command, Option } from "commander";

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Words that the project has, by the name of the argument, or of the option's value, that takes them: `environment`, `component`. */
export type KnownWords = Readonly<Record<string, readonly string[]>>;

/** Names of files: the shell knows them better. */
export const files = "files";

/**
 * What may stand in place of the last word. Read from the program, so a verb that is declared is completed. `words` are
 * those behind `groundplan`, the last of them as far as it is typed.
 */
export function candidates(program: Command, words: readonly string[], known: KnownWords): readonly Candidate[] | typeof files {
  const typed = words.at(-1) ?? "";
  const place = placeOf(program, words.slice(0, -1));
  if (place === undefined) return files;
  const { command, positional, option, used } = place;
  // Shells split --format=svg at the sign.
  const started = typed === "=" ? "" : typed;
  if (option) return startingWith(started, valuesOf(option, known)) ?? files;
  const [flag = "", value] = splitFlag(typed);
  if (value !== undefined) {
    const named = optionOf(command, flag);
    const values = named && valuesOf(named, known);
    return values?.filter((one) => one.value.startsWith(value)).map((one) => ({ ...one, value: `${flag}=${one.value}` })) ?? files;
  }
  if (typed.startsWith("-")) return startingWith(typed, optionsOf(command, used)) ?? [];
  const argument = command.registeredArguments[positional] ?? lastVariadic(command.registeredArguments);
  const all = [...(positional === 0 ? verbsOf(command) : []), ...(argument ? wordsOf(argument, known) : [])];
  // Where nothing else may stand, options may.
  return startingWith(started, all.length > 0 ? all : optionsOf(command, used)) ?? [];
}

interface Place {
  readonly command: Command;
  /** How many arguments it has already. */
  readonly positional: number;
  /** The option whose value comes next. */
  readonly option: Option | undefined;
  readonly used: readonly string[];
}

/** Undefined behind `--`: what is there belongs to another command. */
function placeOf(program: Command, before: readonly string[]): Place | undefined {
  let place: Place = { command: program, positional: 0, option: undefined, used: [] };
  for (const word of before) {
    if (word === "--") return undefined;
    place = after(place, word);
  }
  return place;
}

function after(place: Place, word: string): Place {
  if (place.option) return word === "=" ? place : { ...place, option: undefined };
  if (word.startsWith("-")) {
    const [flag = "", value] = splitFlag(word);
    const option = optionOf(place.command, flag);
    const waits = value === undefined && (option?.required || option?.optional);
    return { ...place, used: [...place.used, flag], option: waits ? option : undefined };
  }
  const verb = place.positional === 0 ? place.command.commands.find((one) => one.name() === word) : undefined;
  return verb ? { command: verb, positional: 0, option: undefined, used: [] } : { ...place, positional: place.positional + 1 };
}

const splitFlag = (word: string): [string, string?] =>
  word.startsWith("--") && word.includes("=") ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word];

const optionOf = ({ options }: Command, flag: string) => options.find(({ long, short }) => long === flag || short === flag);

const lastVariadic = (all: readonly Argument[]) => (all.at(-1)?.variadic ? all.at(-1) : undefined);

const plain = (values: readonly string[]): Candidate[] => values.map((value) => ({ value, description: "" }));

/** Undefined for a value that is free: most of these are names of files. */
function valuesOf({ argChoices, flags }: Option, known: KnownWords): Candidate[] | undefined {
  const values = argChoices ?? known[/[<[](.+?)[>\]]/.exec(flags)?.[1] ?? ""];
  return values && plain(values);
}

const wordsOf = (argument: Argument, known: KnownWords): Candidate[] => plain(argument.argChoices ?? known[argument.name()] ?? []);

const optionsOf = (command: Command, used: readonly string[]): Candidate[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long && !used.includes(long) ? [{ value: long, description }] : []));

const verbsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((verb) => ({ value: verb.name(), description: verb.description() }));

const startingWith = (text: string, all: readonly Candidate[] | undefined) => all?.filter(({ value }) => value.startsWith(text));
