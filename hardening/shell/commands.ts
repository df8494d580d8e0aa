import { NotJudged } from "../not-judged";
import { type ShellNode, parseScript } from "./parser";
import type { ShellToken } from "./words";

/** Words of a command that a script runs. A part that only the shell knows is `$` with its name. */
export type ShellCommand = readonly string[];

/** Files that a program can run or source, by name. */
export type ShellFiles = Readonly<Record<string, string>>;

/** Exit status, as far as the script says it. */
type Status = boolean | undefined;

const SHELLS = /^(sh|ash|bash|dash|busybox)$/;
/** Programs that run the command in their arguments. */
const RUNNERS =
  /^(env|exec|command|builtin|time|timeout|nice|nohup|sudo|su-exec|gosu|xargs|setsid|stdbuf|flock|docker-entrypoint\.sh|tini|dumb-init)$/;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
/** Limit of nested calls, and of commands: a longer script is not read. */
const MAX_DEPTH = 40;
const MAX_COMMANDS = 20_000;

/**
 * Commands that a program can run: those in comments, in strings, in functions that nothing calls, after `exit` and in
 * branches such as `if false` are not among them. A condition that only the shell knows counts as true and as false.
 * @param argv command and arguments of a container
 * @throws NotJudged for a script that cannot be parsed
 */
export function commandsOf(argv: readonly string[], files: ShellFiles): ShellCommand[] {
  const run = new Run(files);
  if (argv.length > 0) run.execute(argv, 0);
  // No program has a space in its name: each argument is the script of an entry point.
  if (/\s/.test((argv[0] ?? "").trim())) for (const text of argv) run.script(text);
  return run.commands;
}

class Run {
  readonly commands: ShellCommand[] = [];
  private readonly functions = new Map<string, ShellNode>();
  private readonly variables = new Map<string, string>();
  private positional: readonly string[] | undefined = [];
  /** Whether the function or the process that runs has ended. */
  private ended: "return" | "exit" | undefined;
  /** Depth of branches that run only sometimes: variables that they set are not known afterwards. */
  private uncertain = 0;

  constructor(private readonly files: ShellFiles) {}

  script(source: string, depth = 0): Status {
    return this.visit(parseScript(source), depth + 1);
  }

  execute(words: readonly string[], depth: number): Status {
    if (this.commands.length > MAX_COMMANDS)
      throw new NotJudged("a script runs too many commands to read them");
    const [first, ...rest] = words;
    // A function that calls itself adds no further commands.
    if (first === undefined || depth > MAX_DEPTH) return undefined;
    this.commands.push(words);
    const name = baseName(first);
    const body = this.functions.get(first);
    if (body) return this.call(body, rest, depth);
    if (first === "." || first === "source") return this.file(rest[0], depth);
    if (SHELLS.test(name)) return this.shell(rest, depth);
    if (Object.hasOwn(this.files, name)) return this.inChild(() => this.file(first, depth));
    if (RUNNERS.test(name)) return this.runner(name, rest, depth);
    return this.builtin(first, rest, depth);
  }

  private builtin(name: string, rest: readonly string[], depth: number): Status {
    switch (name) {
      case "true":
      case ":":
        return true;
      case "false":
        return false;
      case "[":
      case "test":
        return compare(name === "[" ? rest.slice(0, -1) : rest);
      case "eval":
        return this.script(rest.join(" "), depth);
      case "trap":
        if (rest[0]?.includes(" ")) this.inChild(() => this.script(rest[0], depth));
        return undefined;
      case "exit":
      case "return":
        this.ended = name;
        return undefined;
      case "set":
        if (rest[0] === "--") this.positional = this.uncertain > 0 ? undefined : rest.slice(1);
        return true;
      case "shift":
        this.positional = this.positional?.slice(Number(rest[0] ?? 1));
        return true;
      default:
        return undefined;
    }
  }

  /** Runs the command of a program such as `env A=b vault status`. */
  private runner(name: string, rest: readonly string[], depth: number): Status {
    const start = rest.findIndex(
      (word) => !word.startsWith("-") && !ASSIGNMENT.test(word) && !/^\d+[smhd]?$/.test(word),
    );
    const status = start < 0 ? undefined : this.execute(rest.slice(start), depth + 1);
    if (name === "exec" && start >= 0) this.ended = "exit";
    return status;
  }

  private shell(rest: readonly string[], depth: number): Status {
    const words = SHELLS.test(rest[0] ?? "") ? rest.slice(1) : rest;
    const option = words.findIndex((word) => /^-\w*c$/.test(word));
    const [script] = option >= 0 ? words.slice(option + 1) : words.filter((word) => !word.startsWith("-"));
    if (script === undefined) return undefined;
    return this.inChild(() => (option >= 0 ? this.script(script, depth) : this.file(script, depth)));
  }

  private file(path: string | undefined, depth: number): Status {
    const name = baseName(path ?? "");
    if (!Object.hasOwn(this.files, name)) return undefined;
    return this.inFunction(() => this.script(this.files[name], depth));
  }

  private call(body: ShellNode, args: readonly string[], depth: number): Status {
    const { positional } = this;
    this.positional = args;
    const status = this.inFunction(() => this.visit(body, depth + 1));
    this.positional = positional;
    return status;
  }

  /** Runs a function or a sourced file: `return` ends only it. */
  private inFunction<T>(run: () => T): T {
    const result = run();
    if (this.ended === "return") this.ended = undefined;
    return result;
  }

  /** Runs in a child process: `exit` there does not end this script. */
  private inChild<T>(run: () => T): T {
    const { ended } = this;
    const result = run();
    this.ended = ended;
    return result;
  }

  private sometimes<T>(run: () => T): T {
    this.uncertain++;
    const result = this.inChild(run);
    this.uncertain--;
    return result;
  }

  private visit(node: ShellNode, depth: number): Status {
    switch (node.kind) {
      case "simple":
        return this.simple(node.words, depth);
      case "list": {
        let status: Status = true;
        for (const item of node.items) {
          if (this.ended) break;
          status = this.visit(item, depth);
        }
        return status;
      }
      case "and-or": {
        const left = this.visit(node.left, depth);
        if (this.ended) return left;
        const isSkipped = node.operator === "&&" ? left === false : left === true;
        if (isSkipped) return left;
        const right =
          left === undefined
            ? this.sometimes(() => this.visit(node.right, depth))
            : this.visit(node.right, depth);
        return left === undefined ? undefined : right;
      }
      case "pipe":
        for (const item of node.items) this.inChild(() => this.visit(item, depth));
        return undefined;
      case "not": {
        const status = this.visit(node.node, depth);
        return status === undefined ? undefined : !status;
      }
      case "if":
        return this.conditional(node, depth);
      case "loop": {
        const condition = this.visit(node.condition, depth);
        if (condition === node.isUntil) return true;
        this.sometimes(() => this.visit(node.body, depth));
        return undefined;
      }
      case "for":
        if (node.items?.length === 0) return true;
        for (const item of node.items ?? []) this.expand(item, depth);
        this.sometimes(() => this.visit(node.body, depth));
        return undefined;
      case "case":
        for (const body of node.bodies) this.sometimes(() => this.visit(body, depth));
        return undefined;
      case "function":
        this.functions.set(node.name, node.body);
        return true;
      case "subshell":
        return this.inChild(() => this.visit(node.body, depth));
    }
  }

  private conditional(node: Extract<ShellNode, { kind: "if" }>, depth: number): Status {
    for (const { condition, body } of node.branches) {
      const status = this.visit(condition, depth);
      if (status === true) return this.visit(body, depth);
      if (status === undefined) this.sometimes(() => this.visit(body, depth));
    }
    if (node.otherwise) this.sometimes(() => this.visit(node.otherwise!, depth));
    return undefined;
  }

  private simple(tokens: readonly ShellToken[], depth: number): Status {
    const isAssignment = (token: ShellToken) =>
      token.parts[0].kind === "text" && ASSIGNMENT.test(token.parts[0].text);
    const first = tokens.findIndex((token) => !isAssignment(token));
    const assigned = tokens
      .slice(0, first < 0 ? tokens.length : first)
      .flatMap((token) => this.expand(token, depth));
    if (first < 0) {
      for (const text of assigned) this.assign(text);
      return undefined;
    }
    return this.execute(
      tokens.slice(first).flatMap((token) => this.expand(token, depth)),
      depth,
    );
  }

  private assign(text: string): void {
    const [name, value] = [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)];
    if (this.uncertain > 0 || value.includes("$")) this.variables.delete(name);
    else this.variables.set(name, value);
  }

  /** Words of a token; `"$@"` can be any number. Runs its command substitutions. */
  private expand({ parts }: ShellToken, depth: number): string[] {
    const only = parts.filter((part) => part.kind !== "text" || part.text !== "");
    const isList = (name: string) => name === "@" || name === "*";
    if (only.length === 1 && only[0].kind === "parameter" && isList(only[0].name) && this.positional) {
      return [...this.positional];
    }
    const texts = parts.map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "parameter") return this.valueOf(part.name, part.isPlain);
      this.sometimes(() => this.script(part.source, depth));
      return "$()";
    });
    return [texts.join("")];
  }

  private valueOf(name: string, isPlain: boolean): string {
    if (isPlain && /^[1-9]$/.test(name) && this.positional) return this.positional[Number(name) - 1] ?? "";
    return (isPlain ? this.variables.get(name) : undefined) ?? `$${name}`;
  }
}

/** Result of `test` for operands that hold no variables. */
function compare(words: readonly string[]): Status {
  if (words.some((word) => word.includes("$"))) return undefined;
  if (words.length === 0) return false;
  if (words.length === 1) return words[0] !== "";
  const [left, operator, right] = words;
  if (words.length === 2)
    return left === "-z" ? operator === "" : left === "-n" ? operator !== "" : undefined;
  if (words.length !== 3) return undefined;
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "-eq":
      return Number(left) === Number(right);
    case "-ne":
      return Number(left) !== Number(right);
    default:
      return undefined;
  }
}

function baseName(path: string): string {
  return path.split("/").pop() ?? "";
}
