import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessDiff } from "../../../access/diff";
import { unreadChanges } from "../../../access/diff-unread";
import { INERT } from "../../../analysis/coverage/common";
import { statusesOf } from "../../../analysis/coverage/coverage";
import { coverageKey, coverageOf } from "../../../analysis/coverage/status";
import { type Environment, readSynthesized } from "../../../analysis/terraform/synthesized";
import { inFolder } from "../../access/support/platform";
import { type ProviderType, providerTypes } from "./support/provider-types";
import { specimenOf } from "./support/specimens";

type Json = Record<string, unknown>;

/** Attributes that name an object and locate it. Readers need them to recognize the object in both revisions. */
const NAMES =
  /^(backend|bucket|group_name|groupname|mount|name|path|role|role_name|team|type|user|username)$/;

/** Values of an attribute, of which a reader has to see at least one pair as different. */
function valuesOf(writer: string, name: string): [before: unknown, after: unknown][] {
  if (/policy/.test(name) && /^cdktf\.string/.test(writer)) {
    return [
      ['path "a" { capabilities = ["read"] }', 'path "b" { capabilities = ["read"] }'],
      ["a", "b"],
    ];
  }
  if (/hashMapper/.test(writer)) return [[{ a: "60" }, { a: "120" }]];
  if (/listMapper\(cdktf/.test(writer)) return [[["a"], ["b"]]];
  if (/number/i.test(writer)) return [[60, 120]];
  if (/boolean/.test(writer)) return [[true, false]];
  if (/^cdktf\.string/.test(writer)) return [["60", "120"]];
  return [[[{ name: "a" }], [{ name: "b" }]]];
}

/** Returns true if a comparison other than that of unread attributes reports a difference. */
function isReported(before: Environment, after: Environment): boolean {
  const [{ changes }] = accessDiff([before], [after]);
  return changes.length > unreadChanges(before, after).length;
}

/** Attributes in the list `read` whose changes no comparison reports. */
function unreported({ kind, type, attributes }: ProviderType, read: (json: Json) => Environment): string[] {
  const coverage = coverageOf(kind, type);
  if (!coverage) return [];
  const statuses = statusesOf(coverage);
  const specimen = specimenOf(type);
  const base = {
    ...Object.fromEntries(
      [...attributes.keys()].filter((name) => NAMES.test(name)).map((name) => [name, "x"]),
    ),
    ...specimen.attributes,
  };
  const environment = (body?: Json) => {
    const { resource = {} } = specimen.others ?? {};
    const own = body
      ? { ...((resource as Json)[type] as Json | undefined), Specimen: body }
      : (resource as Json)[type];
    return read({
      resource,
      [kind]: { ...(kind === "resource" ? resource : {}), ...(own ? { [type]: own } : {}) },
    });
  };
  const listed = [...statuses].filter(([, status]) => status === "read").map(([path]) => path);
  const isAll = listed.includes("*");
  const names = isAll
    ? [...attributes.keys()].filter((name) => !statuses.has(name) && !Object.hasOwn(INERT, name))
    : listed.filter((path) => !/^[-+*]/.test(path));
  // The comparison of all attributes needs one.
  const [first] = names;
  const whole = isAll ? { [first]: valuesOf(attributes.get(first)!, first)[0][1], ...base } : base;
  const paths = [...names, ...listed.filter((path) => path.includes("."))];
  return [
    ...(listed.includes("+") && !isReported(environment(), environment(whole)) ? ["+"] : []),
    ...(listed.includes("-") && !isReported(environment(whole), environment()) ? ["-"] : []),
    ...[...new Set(paths)].filter((name) => {
      // A path needs a specimen.
      const writer = attributes.get(name);
      const pairs = specimen.values?.[name] ?? (writer === undefined ? [] : valuesOf(writer, name));
      return !pairs.some(([before, after]) =>
        isReported(
          environment({ ...base, [name.split(".")[0]]: before }),
          environment({ ...base, [name.split(".")[0]]: after }),
        ),
      );
    }),
  ].map((name) => `${kind} ${type}.${name}`);
}

it("reports a change of every attribute that the tables list as read", () => {
  inFolder((folder) => {
    const stack = join(folder, "stacks/production-config");
    mkdirSync(stack, { recursive: true });
    const read = (json: Json): Environment => {
      writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify(json));
      return readSynthesized(folder)[0];
    };
    // Types with and without the suffix _v1 are read alike.
    const types = new Map(providerTypes().map((type) => [coverageKey(type.kind, type.type), type]));
    expect([...types.values()].flatMap((type) => unreported(type, read))).toEqual([]);
  });
}, 120_000);
