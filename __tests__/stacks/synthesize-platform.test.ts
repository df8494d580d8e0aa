import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lazy } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { ValidationError } from "../../constructs/core/validation-error";
import { dev } from "../../environments/dev";
import { local } from "../../environments/local";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { synthesizePlatform } from "../../stacks/synthesize-platform";

/** Errors of the workloads layer, by environment. */
const mockFailures = new Map<string, (stack: IConstruct) => Error>();

/** Environments with an incomplete workloads layer. */
const mockLacks = new Set<string>();

/** Makes the failure occur when the workloads are rendered instead of when they are built. */
let mockFailLate = false;

jest.mock("../../stacks/workloads/workloads-stack", () => {
  const { WorkloadsStack } = jest.requireActual<typeof import("../../stacks/workloads/workloads-stack")>(
    "../../stacks/workloads/workloads-stack",
  );
  return {
    WorkloadsStack: class extends WorkloadsStack {
      constructor(...[scope, environment, team]: ConstructorParameters<typeof WorkloadsStack>) {
        super(scope, environment, team);
        if (mockLacks.has(environment.name)) {
          new Construct(this, "Incomplete").node.addValidation({ validate: () => ["nobody is named"] });
        }
        const failure = mockFailures.get(environment.name);
        if (failure && !mockFailLate) throw failure(this);
        const produce = () => {
          throw failure!(this);
        };
        if (failure) this.addOverride("locals.late", Lazy.anyValue({ produce }));
      }
    },
  };
});

/** Error that the validation of definitions does not detect. */
const refuse = (stack: IConstruct) => new ValidationError(stack, "size must be even, got 1");

const wrong = { ...dev, backup: { retention: "36h" } };
const unsafe = {
  ...production,
  kubernetes: { ...production.kubernetes, secretsEncryption: "none" as const },
};

let folder: string;
let out: string;
let told: jest.SpyInstance;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synthesize-"));
  process.env.CDKTF_OUTDIR = out = join(folder, "cdktf.out");
  told = jest.spyOn(console, "error").mockImplementation();
  jest.spyOn(console, "warn").mockImplementation();
});

afterEach(() => {
  delete process.env.CDKTF_OUTDIR;
  process.exitCode = undefined;
  mockFailures.clear();
  mockLacks.clear();
  mockFailLate = false;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function synthesize(...definitions: EnvironmentDefinition[]) {
  synthesizePlatform(definitions);
  const { exitCode } = process;
  return { exitCode, told: told.mock.calls.flat() as string[] };
}

test("writes the stacks of valid definitions", () => {
  expect(synthesize(dev)).toEqual({ exitCode: undefined, told: [] });
  expect(readdirSync(join(out, "stacks")).sort()).toEqual([
    "account-111111111111",
    "dev-cluster",
    "dev-config",
    "dev-foundation",
    "dev-workloads",
  ]);
});

test("prints a definition error without a stack trace and exits with 1", () => {
  expect(synthesize(wrong)).toEqual({
    exitCode: 1,
    told: [
      'The environment definitions have 1 problem; nothing was written:\n  - dev.backup.retention: got "36h"; allowed: whole days, one at least, such as 30d',
    ],
  });
});

test("prints errors of constructs from all environments, each with its name", () => {
  mockFailures.set("dev", refuse).set("production", refuse);
  expect(synthesize(dev, production)).toEqual({
    exitCode: 1,
    told: [
      [
        "The environment definitions have 2 problems; nothing was written:",
        "dev: size must be even, got 1 [dev-workloads]",
        "production: size must be even, got 1 [production-workloads]",
      ].join("\n  - "),
    ],
  });
});

test("prints validation errors of constructs before it writes any stack", () => {
  mockLacks.add("production");
  expect(synthesize(dev, production)).toEqual({
    exitCode: 1,
    told: [
      "The environment definitions have 1 problem; nothing was written:\n  - production-workloads/Incomplete: nobody is named",
    ],
  });
  expect(existsSync(out)).toBe(false);
});

test("prints errors that occur during rendering", () => {
  mockFailures.set("dev", refuse);
  mockFailLate = true;
  expect(synthesize(dev)).toEqual({
    exitCode: 1,
    // cdktf adds that it occurred during token resolution.
    told: [
      expect.stringMatching(
        /have 1 problem; nothing was written:\n {2}- .*size must be even, got 1 \[dev-workloads\]/,
      ),
    ],
  });
  expect(existsSync(out)).toBe(false);
});

test("keeps the stack trace of other errors", () => {
  mockFailures.set("dev", () => new TypeError("x is undefined"));
  expect(() => synthesize(dev)).toThrow(TypeError);
});

describe.each<[string, EnvironmentDefinition, boolean]>([
  ["a wrong definition", wrong, false],
  ["what a hardening rule refuses", unsafe, false],
  ["what a construct refuses", dev, true],
])("a rejected run: %s", (_, definition, refused) => {
  beforeEach(() => {
    if (refused) mockFailures.set(definition.name, refuse);
  });

  test("leaves no folder", () => {
    expect(synthesize(definition)).toMatchObject({ exitCode: 1, told: [expect.any(String)] });
    expect(existsSync(out)).toBe(false);
  });

  test("keeps an empty folder", () => {
    mkdirSync(out);
    synthesize(definition);
    expect(readdirSync(out)).toEqual([]);
  });

  test("keeps the output of an earlier run", () => {
    mockFailures.clear();
    synthesize({ ...production, name: "earlier" });
    const written = () =>
      readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((it) => it.isFile())
        .map((it) => join(it.parentPath ?? it.path, it.name))
        .map((file) => [file, readFileSync(file, "utf8")]);
    const before = written();
    expect(before.length).toBeGreaterThan(4);
    if (refused) mockFailures.set(definition.name, refuse);
    synthesize(definition);
    expect(written()).toEqual(before);
  });
});

describe("a stack with its state in a local file", () => {
  const state = () => join(folder, ".local", "state", "local-config.tfstate");
  const whole = JSON.stringify({ version: 4, serial: 3, lineage: "a", resources: [{ type: "vault_mount" }] });
  const write = (file: string, text: string) => {
    mkdirSync(join(folder, ".local", "state"), { recursive: true });
    writeFileSync(file, text);
  };

  test("is written before its first deploy, and with a whole state", () => {
    expect(synthesize(local)).toEqual({ exitCode: undefined, told: [] });
    write(state(), whole);
    expect(synthesize(local)).toEqual({ exitCode: undefined, told: [] });
  });

  test.each([
    ["is empty, as after a run that was killed", ""],
    ["cannot be read, as after a run that was killed", whole.slice(0, -20)],
    ["is missing, but not its backup", undefined],
  ])("is rejected if its state %s, with the command that restores the backup", (what, text) => {
    write(`${state()}.backup`, whole);
    if (text !== undefined) write(state(), text);
    expect(synthesize(local)).toEqual({
      exitCode: 1,
      told: [
        `The state of local-config ${what}: ${state()}\n` +
          `Nothing was planned or changed. The backup has the state from before the last run. Put it back:\n` +
          `  cp ${state()}.backup ${state()}\n` +
          "It does not name what the last run created. Import that or delete it.",
      ],
    });
    expect(existsSync(out)).toBe(false);
    const [, command] = /^ {2}(cp .*)$/m.exec(told.mock.calls.flat().join("\n"))!;
    execFileSync("sh", ["-c", command]);
    process.exitCode = undefined;
    told.mockClear();
    expect(synthesize(local)).toEqual({ exitCode: undefined, told: [] });
  });

  test.each([
    ["without a backup", undefined],
    ["beside an empty backup", ""],
  ])("is rejected if its state is empty %s, because its resources are unknown", (_title, backup) => {
    write(state(), "");
    if (backup !== undefined) write(`${state()}.backup`, backup);
    const { exitCode, told } = synthesize(local);
    expect(exitCode).toBe(1);
    expect(told[0]).toContain("Terraform no longer knows what it created for this stack.");
  });

  test("is written if only a backup without resources is left", () => {
    write(`${state()}.backup`, JSON.stringify({ version: 4, serial: 3, lineage: "a", resources: [] }));
    expect(synthesize(local).exitCode).toBeUndefined();
  });
});
