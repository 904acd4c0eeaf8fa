import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");

/** What users import from. */
const entries = ["index", "docker", "kubernetes", "aws"] as const;

/** Things of the public entries that have no docstring: `file: Name` or `file: Name.member`. */
export function undocumented(): string[] {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config.compilerOptions;
  const files = entries.map((entry) => join(root, "src", `${entry}.ts`));
  const program = ts.createProgram(files, ts.convertCompilerOptionsFromJson(config, root).options);
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const exported = source && checker.getSymbolAtLocation(source);
    if (!exported) return [`${file}: no exports`];
    return checker.getExportsOfModule(exported).flatMap((symbol) => {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const without = [real, ...membersOf(real)].filter((one) => one.getDocumentationComment(checker).length === 0);
      return without.map((one) => `${file.slice(root.length + 1)}: ${one === real ? symbol.name : `${symbol.name}.${one.name}`}`);
    });
  });
}

/** Members that a user sees: of a class what is not private, of an interface all of them. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  return [...(symbol.members?.values() ?? [])].filter((member) =>
    member.declarations?.some(
      (declaration) =>
        (ts.isPropertyDeclaration(declaration) ||
          ts.isPropertySignature(declaration) ||
          ts.isMethodDeclaration(declaration) ||
          ts.isMethodSignature(declaration)) &&
        !ts.isComputedPropertyName(declaration.name) &&
        !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) &&
        !ts.isPrivateIdentifier(declaration.name),
    ),
  );
}

if (import.meta.main) console.log(undocumented().join("\n"));
