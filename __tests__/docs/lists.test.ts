import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Construct } from "constructs";
import * as api from "../../constructs";
import { ROOT, pages } from "./support/pages";

const all = pages();
const page = (path: string) => all.get(path)!;

/** Construct names in a text's links and headings. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/(?:\[([^\]]+)\]\(|^# (.*)$)/gm)]
    .flatMap(([, link, heading]) => [...(link ?? heading).matchAll(/\w+/g)])
    .map(([name]) => name);

const classes = Object.values(api).filter(
  (value) => typeof value === "function" && value.prototype instanceof Construct,
) as unknown as (abstract new () => object)[];

/** Public constructs without a page, with the reason. All others require one. */
const NO_PAGE: Readonly<Record<string, string>> = {
  CertificateAuthority: "its example is on the page of CertManager",
  ClientNamespace: "a namespace and its label, which NetworkPolicies explains",
  EncryptionKey: "SnapshotBucket and RecoveryKeyContainers make it",
  EphemeralVariable: "its example is on the page of KeyValueSecret",
  PkiAuthority: "PkiEngine makes it",
  PrivateBucket: "SnapshotBucket makes it",
};

const constructs = classes
  .filter((type) => !classes.some((other) => other.prototype instanceof type))
  .map(({ name }) => name)
  .filter((name) => !(name in NO_PAGE));

const commands = readdirSync(join(ROOT, "cli/commands"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => basename(file, ".ts"));

test("links to a page of every public construct in docs/README.md", () => {
  const linked = namesIn(page("docs/README.md"));
  expect(constructs.filter((name) => !linked.includes(name))).toEqual([]);
});

test("names every public construct in the title of a page of docs/constructs", () => {
  const titles = [...all].flatMap(([path, text]) =>
    path.startsWith("docs/constructs/") ? namesIn(text.split("\n")[0]) : [],
  );
  expect(constructs.filter((name) => !titles.includes(name))).toEqual([]);
});

test("lists every command, and no other, in the table of docs/vault-platform.md", () => {
  const rows = page("docs/vault-platform.md").match(/^\| `.*$/gm)!;
  const listed = rows.flatMap((row) =>
    [...row.split("|")[1].matchAll(/`([a-z]+)[^`]*`/g)].map(([, name]) => name),
  );
  expect([...new Set(listed)].sort()).toEqual(commands.sort());
});

test("has a test that runs every command", () => {
  const tests = readdirSync(join(ROOT, "__tests__"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => readFileSync(join(ROOT, "__tests__", path), "utf8"));
  // Imported, or passed to the command line with or without arguments.
  const isRun = (name: string, text: string) =>
    new RegExp(`commands/${name}"|\\(\\s*"${name}"|\\["${name}"`).test(text);
  expect(commands.filter((name) => !tests.some((text) => isRun(name, text)))).toEqual([]);
});
