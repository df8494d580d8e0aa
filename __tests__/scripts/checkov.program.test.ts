import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { BAD_EXAMPLES, addBadExamples } from "../../scripts/checkov/bad-examples";
import { CLAIMED, NOT_COVERED } from "../../scripts/checkov/checks";
import { VERSION } from "../../scripts/checkov/install";
import { type Finding, judgeExamples, judgeStacks } from "../../scripts/checkov/judge";
import { scan } from "../../scripts/checkov/scan";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

const finding = (checkId: string, resource: string, passed: boolean): Finding => ({
  checkId,
  resource,
  passed,
});
const stack = (findings: Finding[], suppressed: [string, string][] = []) => ({
  stack: "dev",
  findings,
  suppressions: suppressed.map(([checkId, resource]) => ({ checkId, resource, reason: "because" })),
});

describe("judgeStacks", () => {
  test("accepts a stack with passing checks and suppressed failures", () => {
    const scans = [
      stack(
        [finding("CKV_AWS_7", "Key", true), finding("CKV_AWS_18", "Log", false)],
        [["CKV_AWS_18", "Log"]],
      ),
    ];
    expect(judgeStacks(scans, { CKV_AWS_7: "" })).toEqual([]);
  });

  test("reports a failure on a resource that does not suppress it", () => {
    const scans = [stack([finding("CKV_AWS_18", "Log", false), finding("CKV_AWS_18", "State", false)])];
    expect(judgeStacks([stack(scans[0].findings, [["CKV_AWS_18", "Log"]])], {})).toEqual([
      "dev: State fails CKV_AWS_18",
    ]);
  });

  test("reports a suppression of a check that does not fail", () => {
    expect(judgeStacks([stack([finding("CKV_AWS_18", "Log", true)], [["CKV_AWS_18", "Log"]])], {})).toEqual([
      "dev: Log suppresses CKV_AWS_18, which does not fail there",
    ]);
  });

  test("ignores suppressions of another stack", () => {
    const scans = [
      stack([finding("CKV_AWS_18", "Log", false)]),
      { ...stack([finding("CKV_AWS_18", "Log", false)], [["CKV_AWS_18", "Log"]]), stack: "local" },
    ];
    expect(judgeStacks(scans, {})).toEqual(["dev: Log fails CKV_AWS_18"]);
  });
});

test("reports a claimed check that examined no resource", () => {
  expect(judgeStacks([stack([])], { CKV_AWS_7: "" })).toEqual([
    "CKV_AWS_7 is claimed, but looked at nothing in any stack",
  ]);
});

test("requires a claimed check to fail on its bad example", () => {
  const targets = { CKV_AWS_7: "CKV_AWS_7_Key" };
  const judge = (...findings: Finding[]) => judgeExamples({ findings, targets }, { CKV_AWS_7: "" }, {});
  expect(judge(finding("CKV_AWS_7", "CKV_AWS_7_Key", false))).toEqual([]);
  for (const wrong of [
    finding("CKV_AWS_7", "CKV_AWS_7_Key", true),
    finding("CKV_AWS_7", "CKV_AWS_18_Key", false),
    finding("CKV_AWS_18", "CKV_AWS_7_Key", false),
  ]) {
    expect(judge(wrong)).toEqual(["CKV_AWS_7 is claimed, but its bad example passes"]);
  }
});

test("reports a check listed as not covered that fails its bad example", () => {
  const findings = [finding("CKV_AWS_33", "CKV_AWS_33_Key", false)];
  expect(
    judgeExamples({ findings, targets: { CKV_AWS_33: "CKV_AWS_33_Key" } }, {}, { CKV_AWS_33: "" }),
  ).toEqual(["CKV_AWS_33 is listed as not covered, but sees its bad example: claim it"]);
});

describe("lists of checks", () => {
  const ids = [...Object.keys(CLAIMED), ...Object.keys(NOT_COVERED)];

  test("name each check once, with a bad example", () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(BAD_EXAMPLES).sort()).toEqual([...ids].sort());
  });

  test("contain all checks that the platform requires", () => {
    const span = (prefix: string, ...numbers: (number | [number, number])[]) =>
      numbers.flatMap((it) => {
        const [from, to] = typeof it === "number" ? [it, it] : it;
        return Array.from({ length: to - from + 1 }, (_, index) => `${prefix}_${from + index}`);
      });
    const wanted = [
      ...span("CKV_AWS", 7, 33, 227),
      ...span("CKV_AWS", 18, 19, 20, 21, [53, 57], 70, 93, [143, 145], 300),
      ...span("CKV_AWS", [60, 63], [107, 111], 283, [286, 290], 355, 356),
      ...span("CKV2_AWS", 6, 40, 61, 62, 64),
      ...span("CKV_K8S", [8, 23], 25, [28, 31], 35, [37, 43], 49, [155, 158]),
      ...span("CKV2_K8S", [1, 6]),
    ];
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("match the documentation word for word", () => {
    const page = readFileSync(resolve(__dirname, "../../docs/checkov.md"), "utf8");
    for (const [id, text] of [...Object.entries(CLAIMED), ...Object.entries(NOT_COVERED)]) {
      expect(page).toContain(`| ${id} | ${text} |`);
    }
    expect(page.match(/^\| CKV/gm)).toHaveLength(ids.length);
  });
});

test("adds the bad examples to one stack, each under its check's id", () => {
  const targets = addBadExamples(new TerraformStack(Testing.app(), "bad-examples"));
  for (const [checkId, resource] of Object.entries(targets)) expect(resource).toMatch(`${checkId}_`);
});

describe("a scan", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "scan-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  /** Stand-in for checkov that prints the given text. */
  const saying = (text: string, code = 0) => {
    const program = join(folder, "checkov");
    writeFileSync(program, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${code}\n`);
    chmodSync(program, 0o755);
    return program;
  };
  const report = (failed: object[], parsing_errors = 0) =>
    JSON.stringify({ results: { passed_checks: [], failed_checks: failed }, summary: { parsing_errors } });

  test.each(["resource.Key", "aws_kms_key.Key", "data.Key"])(
    "finds the resource under the name %s of a kind of check",
    async (resource) => {
      const checkov = saying(report([{ check_id: "CKV_AWS_7", resource }]), 1);
      expect(await scan(checkov, folder)).toEqual([finding("CKV_AWS_7", "Key", false)]);
    },
  );

  test("finds nothing in resources for which checkov has no check", async () => {
    expect(await scan(saying('{"passed": 0, "failed": 0, "parsing_errors": 0}'), folder)).toEqual([]);
  });

  test.each([
    ["could not parse its file", report([], 1), 0],
    ["answered in another form", '{"version": 4}', 0],
    ["broke", "Traceback", 2],
  ])("rejects a scan in which checkov %s", async (_title, text, code) => {
    await expect(scan(saying(text, code), folder)).rejects.toThrow(`checkov could not scan ${folder}`);
  });
});

describe("the installation", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "install-"));
    standIn("pip", `echo "$@" >>"${folder}/calls"`);
    python(`mkdir -p "$3/bin"; touch "$3/bin/python"; cp "${folder}/pip" "$3/bin"`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const standIn = (name: string, commands: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
  const python = (commands: string) => standIn("python3", commands);
  const venv = () => join(folder, "cdktf-vault-platform", `checkov-${VERSION}`);
  const install = () => {
    const program = `require("./scripts/checkov/install").installCheckov().then(console.log, ({ message }) => console.log(message))`;
    const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "-e", program], {
      cwd: resolve(__dirname, "../.."),
      env: { ...process.env, XDG_CACHE_HOME: folder, PATH: `${folder}:/usr/bin:/bin` },
      encoding: "utf8",
    });
    return stdout.trim();
  };

  test("installs one exact version from PyPI once, and again if its Python is missing", () => {
    expect(install()).toBe(join(venv(), "bin/checkov"));
    install();
    const call = `install --quiet checkov==${VERSION}\n`;
    expect(readFileSync(join(folder, "calls"), "utf8")).toBe(call);
    rmSync(join(venv(), "bin/python"));
    install();
    expect(readFileSync(join(folder, "calls"), "utf8")).toBe(call + call);
  });

  test("prints Python's output on failure, and does not treat it as installed later", () => {
    python("echo no module named venv; exit 1");
    const message = `checkov ${VERSION} could not be installed (it needs Python 3.9 or later with venv):\nno module named venv`;
    expect(install()).toBe(message);
    expect(install()).toBe(message);
  });
});
