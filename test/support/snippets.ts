import { join } from "node:path";
import ts from "typescript";
import type { Block } from "./markdown.ts";
import { repository } from "./recorded.ts";

/** Where the fragment stands in what is around it. */
const place = "/* the block */";

/** The module that a block is: itself, or what the comment before it says with the block inside. */
export function moduleOf({ text, around }: Block): string {
  if (around === undefined) return text;
  if (!around.includes(place)) return `${around}\n${text}`;
  return around.replace(place, () => text);
}

/** What the compiler says about the blocks, all in one program, by place of the block. Imports resolve as for a user. */
export function compileErrors(blocks: readonly Block[]): string[] {
  const read = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile).config.compilerOptions;
  const paths = { groundplan: ["./src/index.ts"], "groundplan/*": ["./src/*.ts"] };
  const { options } = ts.convertCompilerOptionsFromJson({ ...read, paths }, repository);
  const modules = new Map(
    blocks.map((block, index) => [join(repository, `snippet-${index}.ts`), { block, text: `${moduleOf(block)}\nexport {};\n` }]),
  );
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const made = modules.get(name);
    return made ? ts.createSourceFile(name, made.text, version, true) : getSourceFile(name, version, ...rest);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([name, { block }]) => {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText, start = 0 }) => {
      const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${block.at}, line ${line + 1} of its module: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
}
