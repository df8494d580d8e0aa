import { hasSecretForm } from "./secret-forms";
import { isPublicName, isSecretName } from "./secret-names";
import { isGenerated, mayBeSecret } from "./secret-values";

/** A quoted value, or one word. */
const VALUE = `(?:"((?:[^"\\\\\\n]|\\\\.)*)"|'([^'\\n]*)'|([^\\s"',;&|)}\\]<>\`]+))`;
/** `name=value` in shells, connection strings, queries of URLs, properties and HCL. */
const ASSIGNMENT = new RegExp(
  `(?<![\\w$.-])(?:--?)?"?([A-Za-z_][\\w.-]*)"?[ \\t]*:?=(?![=>~])[ \\t]*(?=${VALUE})`,
  "g",
);
/** `name: value` as a line of YAML or as a header, and `"name": "value"` in JSON. */
const ENTRY = new RegExp(
  `(?:^|\\\\n)[ \\t]*(?:- )?["']?([A-Za-z_][\\w. -]{0,60}?)["']?:[ \\t]+(?:${VALUE})[ \\t]*,?[ \\t]*(?:#.*)?$|["']([A-Za-z_][\\w.-]*)["']\\s*:\\s*${VALUE}`,
  "gm",
);
/** A block of YAML below its key. */
const BLOCK = /^[ \t]*(?:- )?["']?([\w.-]+)["']?:[ \t]+[|>][-+\d]*[ \t]*\n[ \t]+(\S[^\n]*)/gm;
/** A variable in a list of YAML or JSON. */
const VARIABLE = new RegExp(
  `["']?\\bname["']?\\s*:\\s*["']?([\\w.-]+)["']?\\s*,?\\s*["']?\\bvalue["']?\\s*:\\s*${VALUE}`,
  "g",
);
/** `<password>value</password>`. */
const ELEMENT = /<([A-Za-z_][\w.-]*)(?:\s[^>]*)?>([^<>\s]+)<\/\1>/g;
const HEADER = /\b(?:Proxy-)?Authorization:\s*(?!\w*\s*[$<{`])([^\s"'$<{`]+(?:\s+[^\s"'$<{`]+)?)/gi;
/** `--password value`, inside one text. */
const LONG_FLAG = new RegExp(`(?:^|[\\s"'])--?([A-Za-z][\\w-]*)[ \\t]+(?=${VALUE})`, "g");
/** Programs with a short flag for a password. */
const SHORT_FLAG = new RegExp(
  `\\b(?:(?:mysql\\w*|mariadb[\\w-]*)\\b[^\\n|;&]*?\\s-p|(?:sshpass|mongo\\w*|docker login|podman login|helm registry login|az login|skopeo login)\\b[^\\n|;&]*?\\s-p\\s+|(?:redis-cli)\\b[^\\n|;&]*?\\s-a\\s+|ldap\\w+\\b[^\\n|;&]*?\\s-w\\s+)${VALUE}`,
  "g",
);
const USER_FLAG = /(?:^|\s)(?:-u|--user|--proxy-user)[ =]["']?[\w.@-]+:(?![$<{%])[^\s"':/]{3,}/;
/** `user:password`, and not the ids `user:group`. */
const LOGIN = /^[\w.@-]+:(?![$<{%])(?!\d+$)[^\s:/]{3,}$/;
const OPENSSL = /\bpass:(?![$<{%])[^\s"']{3,}/;
/** Password before a host: `app:password@host`. Not a version of a package, a digest, or an address of mail. */
const USER_INFO =
  /(?:^|[\s"'=(,[/])(?!(?:arn|mailto|acct|sips?|npm|workspace|urn|xmpp|git|file|user|group|serviceAccount):)[\w.-]*:(?!\/\/)(?![$<{%])[^\s"'@/:{}$<>]{3,}@(?!sha\d+:)[A-Za-z][\w.-]*/;

/** Returns true for text that contains a secret, such as a script, a configuration file or a connection string. */
export function spellsOutSecret(text: string): boolean {
  return hasSecretForm(text) || USER_INFO.test(text) || assignsSecret(text) || commandHasSecret(text);
}

/** Returns true for a variable, a value of a chart or a key of a ConfigMap that holds a secret. */
export function holdsSecret(name: string, value: string): boolean {
  if (isSecretName(name) && mayBeSecret(value, name)) return true;
  if (/(?:auth|login|userpwd)$/i.test(name) && LOGIN.test(value)) return true;
  return spellsOutSecret(value) || (!isPublicName(name) && isGenerated(value));
}

/**
 * Returns true for a command with a secret among its arguments: `--password=x`, `-p x`, `-e NAME=x`.
 * @param args program and arguments
 */
export function argumentsHoldSecret(args: readonly string[]): boolean {
  return args.some((argument, index) => {
    if (spellsOutSecret(argument)) return true;
    const [, flag = ""] = /^--?([A-Za-z][\w-]*)$/.exec(args[index - 1] ?? "") ?? [];
    const [, name = flag, value] = /^(?:--?)?([A-Za-z][\w-]*)?=?(.*)$/s.exec(argument)!;
    if (!isPublicName(name) && !isPublicName(flag) && (isGenerated(value) || isGenerated(argument)))
      return true;
    if (argument.startsWith("-")) return false;
    if (flag === "p" || flag === "P") return isPasswordArgument(argument, args.slice(0, index - 1));
    if (/^u(?:ser)?$/.test(flag)) return LOGIN.test(argument);
    return isSecretFlag(flag, argument);
  });
}

/** Returns true for the value of a flag such as `--api-key`. The flag `--secret` also takes the name of a Secret. */
function isSecretFlag(flag: string, value: string): boolean {
  const variable = flag.toUpperCase().replaceAll("-", "_");
  return (
    isSecretName(variable) &&
    isLiteral(value, /^secret(?:-key)?$/.test(flag) && /[-_]/.test(value) ? flag : variable)
  );
}

/** Returns true for the argument of `-p`, unless it is a port, a path, a protocol or another flag. */
function isPasswordArgument(argument: string, before: readonly string[]): boolean {
  const otherMeaning =
    /(?:^|[/\s])(?:mkdir|cp|ssh|scp|install|tar|psql|pg_\w+|pgbench|nc|ps|test|kubectl|unzip|make|rsync)(?:\s|$)/;
  if (before.some((it) => otherMeaning.test(it))) return false;
  if (/^(?:-|[\d:.,/-]+(?:\/(?:tcp|udp))?$|(?:tcp|udp|https?|grpc)$)/i.test(argument)) return false;
  return argument.length >= 4 && !/\s|:/.test(argument) && mayBeSecret(argument, "password");
}

function assignsSecret(text: string): boolean {
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [whole, name, double, single, bare] = match;
    const isCode =
      bare !== undefined &&
      (/[ \t]:?=|=[ \t]/.test(whole) ? isExpression(bare, text, match) : /[([]/.test(bare));
    const value = double ?? single ?? bare;
    if (isCode) continue;
    if (whole.startsWith("-") ? isSecretFlag(name, value) : isSecretName(name) && isLiteral(value, name))
      return true;
  }
  for (const [, line, d1, s1, b1, key, d2, s2, b2] of text.matchAll(ENTRY)) {
    const value = d1 ?? s1 ?? b1 ?? d2 ?? s2 ?? b2 ?? "";
    const name = line ?? key;
    if (!/ /.test(name) && isSecretName(name) && !/^[|>&*!]/.test(value) && isLiteral(value, name))
      return true;
  }
  for (const [, name, double, single, bare] of text.matchAll(VARIABLE)) {
    if (isSecretName(name) && isLiteral(double ?? single ?? bare, name)) return true;
  }
  for (const [, name, value] of [...text.matchAll(ELEMENT), ...text.matchAll(BLOCK)]) {
    if (isSecretName(name) && mayBeSecret(value, name)) return true;
  }
  for (const [, value] of text.matchAll(HEADER)) {
    if (isLiteral(value.split(/\s+/).pop()!, "authorization")) return true;
  }
  return false;
}

/** Returns true for a value that may be a secret and that no program fills in. */
function isLiteral(value: string, name: string): boolean {
  return !/^\$(?!\{\w+:?-)/.test(value) && mayBeSecret(value, name);
}

/** Returns true for the right side of an assignment in a program: a call, a member, another variable. */
function isExpression(bare: string, text: string, { index, 0: whole }: RegExpExecArray): boolean {
  const line = text.slice(text.lastIndexOf("\n", index) + 1, index);
  const rest = /^[^\n]*/.exec(text.slice(index + whole.length + bare.length))![0];
  return (
    /[([{]|^[A-Za-z_]\w*\./.test(bare) ||
    /\S/.test(line.replace(/^\s*(?:export|set|#)?\s*/, "")) ||
    (/^[ \t]*[^\s,#]/.test(rest) && !(rest.startsWith(";") && /\d/.test(bare)))
  );
}

function commandHasSecret(text: string): boolean {
  if (!text.includes(" ")) return false;
  if (USER_FLAG.test(text) || OPENSSL.test(text)) return true;
  for (const [, flag, double, single, bare] of text.matchAll(LONG_FLAG)) {
    const value = double ?? single ?? bare;
    if (!value.startsWith("-") && isSecretFlag(flag, value)) return true;
  }
  for (const [, double, single, bare] of text.matchAll(SHORT_FLAG)) {
    if (mayBeSecret(double ?? single ?? bare, "password")) return true;
  }
  return false;
}
