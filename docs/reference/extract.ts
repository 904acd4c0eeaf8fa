import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { type ArgumentDoc, docOf } from "./doc.ts";

const root = join(import.meta.dirname, "..", "..");

/** An argument as its interface declares it; a path of several names lies below another argument. */
export interface Argument extends ArgumentDoc {
  /** Names from the component down; `<name>` stands for a key that the user chooses, `[]` for each entry of a list. */
  readonly path: string;
  readonly type: string;
  readonly optional: boolean;
  /** File of the declaration, from the folder of the project. */
  readonly file: string;
}

/** A component that the library exports, with what it takes. */
export interface ComponentArguments {
  /** Folder below components/. */
  readonly folder: string;
  readonly component: string;
  readonly summary: string;
  readonly arguments: readonly Argument[];
}

/** One type-checked program over the index of components: what it exports is what users have. */
export function componentArguments(): ComponentArguments[] {
  const options: ts.CompilerOptions = {
    ...ts.convertCompilerOptionsFromJson(ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config.compilerOptions, root).options,
    noEmit: true,
  };
  const index = join(root, "components", "index.ts");
  const program = ts.createProgram([index], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  const exported = source && checker.getSymbolAtLocation(source);
  if (!exported) throw new Error("components/index.ts exports nothing");
  return checker
    .getExportsOfModule(exported)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .flatMap((symbol) => symbol.declarations?.find(ts.isClassDeclaration) ?? [])
    .map((declaration) => componentOf(declaration, checker))
    .toSorted((a, b) => a.folder.localeCompare(b.folder));
}

function componentOf(declaration: ts.ClassDeclaration, checker: ts.TypeChecker): ComponentArguments {
  const component = declaration.name?.text ?? "";
  const [, args] = declaration.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  if (!args) throw new Error(`${component} takes no arguments`);
  const walk = new Walk(checker);
  return {
    folder: relative(join(root, "components"), dirname(declaration.getSourceFile().fileName)).split(sep)[0] ?? "",
    component,
    summary: docOf(declaration).text,
    arguments: walk.below(checker.getTypeAtLocation(args), "", []).filter(({ path }) => path !== "platform"),
  };
}

/** Goes down from the arguments of a component through the types that the project declares for them. */
class Walk {
  readonly checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.checker = checker;
  }

  below(type: ts.Type, prefix: string, inside: readonly ts.Type[]): Argument[] {
    const { checker } = this;
    const constrained = type.flags & ts.TypeFlags.TypeParameter ? (checker.getBaseConstraintOfType(type) ?? type) : type;
    const plain = checker.getNonNullableType(constrained);
    if (inside.includes(plain)) return [];
    if (plain.isUnion()) return unique(plain.types.flatMap((part) => this.below(part, prefix, inside)));
    if (checker.isArrayType(plain) || checker.isTupleType(plain))
      return checker.getTypeArguments(plain as ts.TypeReference).flatMap((entry) => this.below(entry, `${prefix}[]`, [...inside, plain]));
    const entry = checker.getIndexTypeOfType(plain, ts.IndexKind.String);
    if (entry) return this.below(entry, prefix === "" ? "<name>" : `${prefix}.<name>`, [...inside, plain]);
    return plain.getProperties().flatMap((property) => this.argument(property, prefix, [...inside, plain]));
  }

  /** As it is written, comments aside; a parameter of the class is shown as what it must extend. */
  private shown(node: ts.TypeNode | undefined): string {
    const type = node && this.checker.getTypeFromTypeNode(node);
    const constraint = type && type.flags & ts.TypeFlags.TypeParameter ? this.checker.getBaseConstraintOfType(type) : undefined;
    if (constraint) return this.checker.typeToString(constraint);
    const text = node?.getText().replace(/\/\*[\s\S]*?\*\//g, "") ?? "unknown";
    return text.replace(/\s+/g, " ").replace(/^\| /, "");
  }

  private argument(property: ts.Symbol, prefix: string, inside: readonly ts.Type[]): Argument[] {
    const declaration = property.declarations?.find(ts.isPropertySignature);
    if (!declaration || !isArgumentFile(declaration.getSourceFile().fileName)) return [];
    const path = prefix === "" ? property.name : `${prefix}.${property.name}`;
    const file = relative(root, declaration.getSourceFile().fileName);
    const optional = Boolean(property.flags & ts.SymbolFlags.Optional);
    const type = this.shown(declaration.type);
    const own = { path, type, optional, file, ...docOf(declaration, property.name) };
    if (isContract(declaration)) return [own];
    return [own, ...this.below(this.checker.getTypeOfSymbol(property), path, inside)];
  }
}

/** What another component gives, and the ground itself: nobody writes their parts down. */
const contracts = /\b(Platform|Connection|DatabaseConnection|CredentialConnection|Bindings|Observable|(pulumi\.)?Input)\b/;
const isContract = (declaration: ts.PropertySignature) => contracts.test(declaration.type?.getText() ?? "");

const isArgumentFile = (file: string) => file.startsWith(join(root, "components")) || file.startsWith(join(root, "src", "core"));

/** The same argument in several members of a union is one argument, of all their types. */
function unique(found: readonly Argument[]): Argument[] {
  const byPath = Map.groupBy(found, ({ path }) => path);
  return [...byPath.values()].map((same) => ({ ...(same[0] as Argument), type: [...new Set(same.map(({ type }) => type))].join(" | ") }));
}
