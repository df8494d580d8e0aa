import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { commandsOf } from "../../../hardening/shell/commands";
import { NotJudged } from "../../../hardening/not-judged";

const SCRIPTS = join(__dirname, "../../../constructs/jobs/scripts");
const own = Object.fromEntries(
  readdirSync(SCRIPTS).map((name) => [name, readFileSync(join(SCRIPTS, name), "utf8")]),
);
const run = (script: string, files = {}) =>
  commandsOf(["sh", "-c", script], files).map((words) => words.join(" "));
const revokes = (script: string, files = {}) => run(script, files).includes("vault token revoke -self");
const REVOKE = "vault token revoke -self";

describe("commands that a script runs", () => {
  test.each([
    ["a plain command", REVOKE],
    ["a command with a variable of its own", `VAULT_TOKEN=$(cat /t) ${REVOKE}`],
    ["a command in a list", `cd /x && ${REVOKE} || exit 1`],
    ["a branch that may be taken", `if [ -s "$FILE" ]; then ${REVOKE}; fi`],
    ["the other branch of a constant", `if false; then :; else ${REVOKE}; fi`],
    ["a function that is called", `f() { ${REVOKE}; }\nf`],
    [
      "a function that runs its arguments",
      `as() {\n  home=$1\n  shift\n  HOME=$home "$@"\n}\nas root ${REVOKE}`,
    ],
    [
      "a function that another one calls by name",
      `wait_for() { shift 2; until "$@"; do sleep 1; done; }\nf() { ${REVOKE}; }\nwait_for 60 "the end" f`,
    ],
    ["a loop", `for x in a b; do ${REVOKE}; done`],
    ["a case", `case "$1" in\n  a | b) ${REVOKE} ;;\n  *) exit 1 ;;\nesac`],
    ["a command substitution", `answer="$(${REVOKE} 2>&1)"`],
    ["a program that runs another", `exec env -i PATH=/bin timeout 10 ${REVOKE}`],
    ["another shell", `sh -ec '${REVOKE}'`],
    ["a trap", `trap '${REVOKE}' EXIT`],
    ["a command over two lines", "vault token \\\n  revoke -self"],
    ["a program in a variable", `VAULT=vault\n"$VAULT" token revoke -self`],
    ["a quoted word", `vault "token" 'revoke' -self`],
    [
      "the end after a function that fails only sometimes",
      `fail() { exit 1; }\n[ -n "$X" ] || fail\n${REVOKE}`,
    ],
  ])("include %s", (_title, script) => expect(revokes(script)).toBe(true));

  test.each([
    ["a comment", `# ${REVOKE}`],
    ["a comment after a command", `true # ${REVOKE}`],
    ["a string", `echo "${REVOKE}"`],
    ["words that are printed", `echo ${REVOKE}`],
    ["arguments of the null command", `: ${REVOKE}`],
    ["a branch that is never taken", `if false; then ${REVOKE}; fi`],
    ["a comparison that is never true", `if [ 1 -eq 2 ]; then ${REVOKE}; fi`],
    ["a branch after a condition that always holds", `if true; then :; else ${REVOKE}; fi`],
    ["what follows false", `false && ${REVOKE}`],
    ["what follows true", `true || ${REVOKE}`],
    ["a switch that is off", `RUN=false\nif $RUN; then ${REVOKE}; fi`],
    ["a loop that does not start", `while false; do ${REVOKE}; done`],
    ["a loop over nothing", `for x in; do ${REVOKE}; done`],
    ["what follows the end", `exit 0\n${REVOKE}`],
    ["what follows a function that ends the script", `fail() { exit 1; }\nfail\n${REVOKE}`],
    ["what follows another program", `exec sleep 10\n${REVOKE}`],
    ["a function that nothing calls", `f() { ${REVOKE}; }`],
    ["a here-document", `cat <<EOF\n${REVOKE}\nEOF`],
  ])("exclude %s", (_title, script) => expect(revokes(script)).toBe(false));

  test("include files that the command runs or sources, and no other files", () => {
    const files = {
      "a.sh": `. "$(dirname "$0")/b.sh"\nrevoke`,
      "b.sh": `revoke() { ${REVOKE}; }`,
      "c.sh": "vault operator init",
    };
    expect(commandsOf(["/bin/sh", "/scripts/a.sh"], files)).toContainEqual(REVOKE.split(" "));
    expect(commandsOf(["/bin/sh", "/scripts/a.sh"], files).flat()).not.toContain("init");
    expect(commandsOf(["/bin/sh", "/scripts/b.sh"], files)).toEqual([["/bin/sh", "/scripts/b.sh"]]);
  });

  test.each([
    ["bootstrap-configure.sh", ["vault", "token", "revoke", "-self"]],
    ["bootstrap-init.sh", ["vault", "operator", "init"]],
    ["backup-save.sh", ["vault", "operator", "raft", "snapshot", "save"]],
    ["drill-restore.sh", ["vault", "operator", "raft", "snapshot", "restore"]],
  ])("are found in %s of this project", (script, expected) => {
    const commands = commandsOf(["/bin/sh", `/scripts/${script}`], own).map((words) =>
      words.slice(0, expected.length),
    );
    expect(commands).toContainEqual(expected);
  });

  test.each(Object.keys(own))("are read from %s", (script) => {
    expect(commandsOf(["/bin/sh", `/scripts/${script}`], own).length).toBeGreaterThan(0);
  });

  test.each([
    ["a quote without an end", 'echo "a'],
    ["a branch without an end", "if true; then echo"],
    ["a substitution without an end", "echo $(date"],
  ])("are not judged for %s", (_title, script) => {
    expect(() => run(script)).toThrow(NotJudged);
  });
});
