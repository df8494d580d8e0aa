import { NotJudged } from "../not-judged";

/** Statement of a configuration of syslog-ng: a name with its arguments, or a block. */
export interface SyslogStatement {
  /** Words before the brackets, such as `source` and `s_file`. */
  readonly words: readonly string[];
  /** Arguments in parentheses, and statements in braces. */
  readonly inner: readonly SyslogStatement[];
}

/** Way of log entries from sources to destinations. */
export interface LogPath {
  /** Drivers of its sources. */
  readonly sources: readonly SyslogStatement[];
  /** Drivers of its destinations. */
  readonly destinations: readonly SyslogStatement[];
  /** Names of the statements that can drop entries. */
  readonly filters: readonly string[];
}

const TOKENS =
  /(?<space>\s+|#[^\n]*)|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>[^']*)'|(?<mark>[(){};,])|(?<word>[^\s(){};,"'#]+)/y;

interface Token {
  readonly text: string;
  readonly isMark: boolean;
}

/**
 * Log paths of a configuration of syslog-ng.
 * @throws NotJudged for text that is not a configuration, and for includes
 * @see https://syslog-ng.github.io/admin-guide/060_Sources/README
 */
export function logPathsOf(configuration: string): LogPath[] {
  const directives = configuration.match(/^[ \t]*@.*$/gm) ?? [];
  // The library of syslog-ng only adds drivers.
  if (directives.some((line) => /@include(?!\s+["']?scl\.conf)/.test(line))) {
    throw new NotJudged("a configuration of syslog-ng includes another file");
  }
  const statements = parse(tokenize(configuration.replace(/^[ \t]*@.*$/gm, "")));
  return statements.filter(({ words }) => words[0] === "log").map((log) => pathOf(log, statements));
}

/** Argument of a driver or an option, such as `url` of `http(url("..."))`. */
export function argument(statement: SyslogStatement, name: string): SyslogStatement | undefined {
  // The last one wins.
  return statement.inner.filter(({ words }) => words[0] === name).at(-1);
}

/** Text of an argument; undefined if the argument is missing. */
export function argumentText(statement: SyslogStatement, name: string): string | undefined {
  return argument(statement, name)?.inner[0]?.words[0];
}

function pathOf(log: SyslogStatement, all: readonly SyslogStatement[]): LogPath {
  // Blocks such as `if { ... };` and `channel { ... };` can divert entries; parsers in them only add fields.
  const filters = log.inner.flatMap(({ words: [kind, name], inner }) => {
    if (["filter", "rewrite"].includes(kind)) return [name ?? inner[0]?.words[0] ?? kind];
    if (!["if", "elif", "else", "channel", "junction", "log"].includes(kind)) return [];
    return inner.every(({ words }) => words[0] === "parser") ? [] : [kind];
  });
  return {
    sources: driversOf("source", log, all),
    destinations: driversOf("destination", log, all),
    filters,
  };
}

function driversOf(kind: string, log: SyslogStatement, all: readonly SyslogStatement[]): SyslogStatement[] {
  return log.inner
    .filter(({ words }) => words[0] === kind)
    .flatMap((reference) => {
      const [named] = reference.inner;
      // Without parentheses the drivers stand in the log path itself.
      if (!named || named.inner.length > 0) return reference.inner;
      const name = named.words[0];
      return all.filter(({ words }) => words[0] === kind && words[1] === name).flatMap(({ inner }) => inner);
    });
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < source.length) {
    const groups = TOKENS.exec(source)?.groups;
    if (!groups) throw new NotJudged("a configuration of syslog-ng has a quote without an end");
    const { double, single, mark, word } = groups;
    const text = double?.replace(/\\(.)/g, "$1") ?? single ?? word;
    if (mark !== undefined) tokens.push({ text: mark, isMark: true });
    else if (text !== undefined) tokens.push({ text, isMark: false });
  }
  return tokens;
}

function parse(tokens: readonly Token[]): SyslogStatement[] {
  let at = 0;
  const until = (end: string | undefined): SyslogStatement[] => {
    const statements: SyslogStatement[] = [];
    let words: string[] = [];
    let inner: SyslogStatement[] = [];
    const close = () => {
      if (words.length > 0 || inner.length > 0) statements.push({ words, inner });
      [words, inner] = [[], []];
    };
    for (; at < tokens.length; at++) {
      const { text, isMark } = tokens[at];
      if (!isMark) {
        // In parentheses, an argument follows the one before without a separator.
        if (inner.length > 0 || (end === ")" && words.length > 0 && next(1) === "(")) close();
        words.push(text);
      } else if (text === end) {
        close();
        return statements;
      } else if (text === ";" || text === ",") close();
      else if (text === "(" || text === "{") {
        at++;
        inner = [...inner, ...until(text === "(" ? ")" : "}")];
      } else throw new NotJudged(`a configuration of syslog-ng has ${text} in an unknown place`);
    }
    close();
    if (end !== undefined) throw new NotJudged(`a configuration of syslog-ng has no ${end} at its end`);
    return statements;
  };
  const next = (offset: number) => (tokens[at + offset]?.isMark ? tokens[at + offset].text : undefined);
  return until(undefined);
}
