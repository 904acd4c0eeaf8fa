import type { Argument, Command, Option } from "commander";

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Values that are typed already, by the name of the argument or of the option's value: `environment`, `key`, `component`. */
export type Typed = Readonly<Record<string, string>>;

/** Words that the project has for a value, by its name; `typed` says of which environment. Nothing for a value that is free. */
export type KnownWords = (name: string, typed: Typed) => readonly string[];

/** Names of files: the shell knows them better. */
export const files = "files";

/** Values that name a file or a folder. */
const isFile = (name: string) => name === "file" || name === "folder";

/**
 * What may stand in place of the last word. Read from the program, so a verb that is declared is completed. `words` are
 * those behind `groundplan`, the last of them as far as it is typed.
 */
export function candidates(program: Command, words: readonly string[], known: KnownWords): readonly Candidate[] | typeof files {
  const typed = words.at(-1) ?? "";
  const place = placeOf(program, words.slice(0, -1));
  if (place === undefined) return files;
  const { command, positional, option, used } = place;
  const given = withDefaults(place);
  // Shells split --format=svg at the sign.
  const started = typed === "=" ? "" : typed;
  if (option) return startingWith(started, wordsOf(option.argChoices, nameOf(option), known, given));
  const [flag = "", value] = splitFlag(typed);
  if (value !== undefined) {
    const named = optionOf(command, flag);
    const values = named ? startingWith(value, wordsOf(named.argChoices, nameOf(named), known, given)) : [];
    return values === files ? files : values.map((one) => ({ ...one, value: `${flag}=${one.value}` }));
  }
  if (typed.startsWith("-")) return startingWith(typed, optionsOf(command, used));
  const argument = argumentAt(command, positional);
  const own = argument ? wordsOf(argument.argChoices, argument.name(), known, given) : [];
  if (own === files) return files;
  const all = [...(positional === 0 ? verbsOf(command) : []), ...own];
  // Where nothing else may stand, options may.
  return startingWith(started, all.length > 0 ? all : optionsOf(command, used));
}

interface Place {
  readonly command: Command;
  /** How many arguments it has already. */
  readonly positional: number;
  /** The option whose value comes next. */
  readonly option: Option | undefined;
  readonly used: readonly string[];
  readonly typed: Typed;
}

/** Undefined behind `--`: what is there belongs to another command. */
function placeOf(program: Command, before: readonly string[]): Place | undefined {
  let place: Place = { command: program, positional: 0, option: undefined, used: [], typed: {} };
  for (const word of before) {
    if (word === "--") return undefined;
    place = after(place, word);
  }
  return place;
}

function after(place: Place, word: string): Place {
  if (place.option) return word === "=" ? place : { ...place, option: undefined, typed: { ...place.typed, [nameOf(place.option)]: word } };
  if (word.startsWith("-")) {
    const [flag = "", value] = splitFlag(word);
    const option = optionOf(place.command, flag);
    const waits = value === undefined && (option?.required || option?.optional);
    const typed = option && value !== undefined ? { ...place.typed, [nameOf(option)]: value } : place.typed;
    return { ...place, used: [...place.used, flag], option: waits ? option : undefined, typed };
  }
  const verb = place.positional === 0 ? place.command.commands.find((one) => one.name() === word) : undefined;
  if (verb) return { command: verb, positional: 0, option: undefined, used: [], typed: {} };
  const argument = argumentAt(place.command, place.positional);
  return { ...place, positional: place.positional + 1, typed: argument ? { ...place.typed, [argument.name()]: word } : place.typed };
}

/** What is not typed, and has a default. */
function withDefaults({ command, typed }: Place): Typed {
  const defaults = [
    ...command.registeredArguments.map((argument) => [argument.name(), argument.defaultValue]),
    ...command.options.map((option) => [nameOf(option), option.defaultValue]),
  ].filter(([, value]) => typeof value === "string");
  return { ...Object.fromEntries(defaults), ...typed };
}

const splitFlag = (word: string): [string, string?] =>
  word.startsWith("--") && word.includes("=") ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word];

const optionOf = ({ options }: Command, flag: string) => options.find(({ long, short }) => long === flag || short === flag);

/** `-e, --env <environment>` -> `environment`; empty for an option without a value. */
const nameOf = ({ flags }: Option): string => /[<[]([\w-]+)/.exec(flags)?.[1] ?? "";

function argumentAt({ registeredArguments: all }: Command, positional: number): Argument | undefined {
  const last = all.at(-1);
  return all[positional] ?? (last?.variadic ? last : undefined);
}

const plain = (values: readonly string[]): Candidate[] => values.map((value) => ({ value, description: "" }));

const wordsOf = (choices: readonly string[] | undefined, name: string, known: KnownWords, typed: Typed): Candidate[] | typeof files =>
  isFile(name) ? files : plain(choices ?? known(name, typed));

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

const startingWith = <A extends Candidate[] | typeof files>(text: string, all: A): A =>
  (all === files ? files : (all as Candidate[]).filter(({ value }) => value.startsWith(text))) as A;
