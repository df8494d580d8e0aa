import { ValidationError } from "../../constructs";
import { examples } from "./examples";
import { publicMembers } from "./examples/api-members";
import { type Path, isFreeForm, isPlain, kindOf, pathsOf, valueAt, withValue } from "./examples/paths";
import { World } from "./examples/world";

/** One value of each kind that a plain JavaScript program can pass by mistake. */
const KINDS: Readonly<Record<string, unknown>> = {
  null: null,
  string: "text",
  number: 5,
  boolean: true,
  list: ["x"],
  object: {},
  function: () => 1,
};

/** References to existing objects, which may have additional properties. */
const REFERENCES: readonly string[] = [
  "vault",
  "identity",
  "images",
  "report",
  "auth",
  "caBundle",
  "passwordPolicy",
];

/** Arguments for which an empty string is a valid value. */
const MAY_BE_EMPTY: readonly string[] = [
  "AwsRegion.find name",
  "AwsRegion.isHost host",
  "AwsRegion.hasHost host",
  "OutboundProxy.bypasses host",
  "literal text",
];

const members = publicMembers();

const memberOf = (title: string) => title.split(" ")[0];

const all = [...examples].map(([title, example]) => {
  const world = new World();
  return { title, name: memberOf(title), example, world, args: example.args(world) };
});

test("has an example of each public class, function and method with arguments", () => {
  const shown = new Set(all.map(({ name }) => name));
  expect([...members.keys()].filter((name) => !shown.has(name))).toEqual([]);
  expect([...shown].filter((name) => !members.has(name))).toEqual([]);
});

/** Property name that resembles no other. */
const UNKNOWN = "qqqqqqqqqqqqqqqqqqqqqqqq";

const CRASH = "not a ValidationError: ";

/** Error message of a call with invalid arguments. */
function complaint({ world, example }: (typeof all)[number], args: readonly unknown[]): string {
  try {
    example.call(world, args);
  } catch (error) {
    return error instanceof ValidationError ? error.message : `${CRASH}${error}`;
  }
  return "nothing was refused";
}

/** Name of the property at a path, or of the argument itself. */
const nameAt = (path: Path, argument = "") =>
  [argument, ...path.slice(1)].filter((it) => typeof it === "string").at(-1)!;

/** Constructors name their argument "props" in errors, regardless of its type. */
const isNamed = (message: string, name: string) =>
  message.startsWith("props must ") ||
  message.includes(`${name} must `) ||
  new RegExp(`${name.replace(/\W/g, "\\$&")}\\[\\d+\\] must `).test(message);

describe.each(all.map((it) => [it.title, it] as const))("%s", (_, it) => {
  const { name, args } = it;
  const given = members.get(name) ?? [];
  const siblings = all.filter((other) => other.name === name);
  const ownName = (path: Path) => nameAt(path, given[path[0] as number]?.name);
  const complaintWith = (path: Path, value: unknown) =>
    complaint(it, withValue(args, path, value) as unknown[]);
  /** Arguments and properties with a fixed set of keys. */
  const objects = pathsOf(args).filter(
    (path) =>
      isPlain(valueAt(args, path)) && !isFreeForm(path, ownName(path)) && !REFERENCES.includes(ownName(path)),
  );
  const propertiesOf = (path: Path) => Object.entries(valueAt(args, path) as object);

  test("accepts valid arguments", () => {
    const world = new World();
    expect(() => it.example.call(world, it.example.args(world))).not.toThrow();
  });

  test("names the argument or property of a wrong type in the error", () => {
    const wrong = pathsOf(args).flatMap((path) => {
      const kinds = siblings.map((other) => kindOf(valueAt(other.args, path)));
      return Object.entries(KINDS)
        .filter(([kind]) => !kinds.includes(kind))
        .map(([kind, value]) => [kind, complaintWith(path, value)])
        .filter(([, message]) => !isNamed(message, ownName(path)))
        .map(([kind, message]) => `${path.join(".")} as ${kind}: ${message}`)
        .slice(0, 1);
    });
    expect(wrong).toEqual([]);
  });

  test("suggests the right name for a misspelled property", () => {
    const wrong = objects.flatMap((path) =>
      propertiesOf(path).map(([key, value]) => {
        const others = Object.fromEntries(propertiesOf(path).filter(([other]) => other !== key));
        return [key, complaintWith(path, { ...others, [`${key}_`]: value })];
      }),
    );
    expect(wrong.filter(([key, message]) => !message.includes(`did you mean ${key}?`))).toEqual([]);
  });

  test("throws only ValidationErrors for a missing property", () => {
    const wrong = objects.flatMap((path) =>
      propertiesOf(path).map(([key]) => [key, complaintWith([...path, key], undefined)]),
    );
    expect(wrong.filter(([, message]) => message.startsWith(CRASH))).toEqual([]);
  });

  test("has an example of each property", () => {
    const missing = objects
      .filter((path) => path.length === 1)
      .flatMap((path) => {
        const message = complaintWith(path, { ...Object.fromEntries(propertiesOf(path)), [UNKNOWN]: 1 });
        const listed = /properties: (.*) \[/.exec(message)?.[1].split(", ") ?? [message];
        const shown = siblings.flatMap((other) => Object.keys(valueAt(other.args, path) as object));
        return listed.filter((key) => !shown.includes(key));
      });
    expect(missing).toEqual([]);
  });

  test("rejects a missing or empty argument", () => {
    const wrong = given.flatMap(({ name: argument, isOptional }, index) => {
      const mayBeEmpty = typeof args[index] !== "string" || MAY_BE_EMPTY.includes(`${name} ${argument}`);
      return [...(isOptional ? [] : [undefined]), ...(mayBeEmpty ? [] : [""])]
        .map((value) => complaintWith([index], value))
        .filter((message) => message.startsWith(CRASH) || !message.includes(" must "))
        .map((message) => `${argument}: ${message}`);
    });
    expect(wrong).toEqual([]);
  });
});
