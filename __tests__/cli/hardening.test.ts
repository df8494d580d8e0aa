import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { type App, TerraformStack, Testing } from "cdktf";
import { ExitCode } from "../../cli/command";
import { command } from "../../cli/commands/hardening";
import { askProgram } from "../../cli/program/ask-program";
import { read } from "../../cli/program/readers/hardening";
import { declareEnvironment } from "../../hardening/environment-facts";
import { suppressRule } from "../../hardening/suppression";
import { container } from "../hardening/support/plain";
import { callCommand } from "./support/call";
import { catchPrinted } from "./support/printed";

// program/hardening.program.test.ts runs real programs.
jest.mock("../../cli/program/ask-program", () => ({ askProgram: jest.fn() }));
const mocked = jest.mocked(askProgram);
let printed: string[];
afterEach(() => jest.restoreAllMocks());

/** Environments with one item in each state, and one environment without findings. */
function build(app: App): void {
  const stack = new TerraformStack(app, "dev-foundation");
  declareEnvironment(stack, { name: "dev", secretsEncryption: "kms" });
  new KmsKey(stack, "Key", { enableKeyRotation: true });
  suppressRule(
    new KmsKey(stack, "Short", { enableKeyRotation: true, deletionWindowInDays: 7 }),
    "kms-deletion",
    "a key for <tests> | only",
  );
  container({ image: "app", resources: { limits: { cpu: "1" } } })(stack);
  const other = new TerraformStack(app, "production-foundation");
  declareEnvironment(other, { name: "production" });
  suppressRule(
    new KmsKey(other, "Key", { enableKeyRotation: true, lifecycle: { preventDestroy: true } }),
    "kms-deletion",
    "was mended",
  );
}

async function run(...args: string[]) {
  printed = catchPrinted();
  const code = await callCommand(
    command,
    "hardening",
    args.map((arg) => `--${arg}`),
  );
  return { code, output: printed.join("\n") };
}

beforeEach(() => {
  const app = Testing.app();
  build(app);
  mocked.mockResolvedValue(JSON.parse(JSON.stringify([read(app)])));
});

test("prints item, state and place, findings with a fix, and accepted findings with the reason", async () => {
  const { code, output } = await run("env=dev");
  expect(code).toBe(ExitCode.FOUND);
  const lines = output.split("\n");
  expect(lines[0]).toBe("dev: 2 errors, 1 warning, 2 accepted");
  expect(lines[2]).toMatch(/^item +state +where$/);
  const row = (title: string) => lines.find((line) => line.startsWith(title))?.split(/ {2,}/);
  expect(row("Keys cannot be destroyed")?.slice(1)).toEqual(["error", "dev-foundation/Key"]);
  expect(row("Secrets in environment variables")?.slice(1)).toEqual([
    "met",
    expect.stringMatching(/^dev-foundation\/R\d+$/),
  ]);
  // Containers have limits, but no container is Vault's, to which the item refers.
  expect(row("Resource limits set on Vault's pods")?.slice(1, 2)).toEqual(["warning"]);
  expect(row("Auto-unseal")?.slice(1)).toEqual(["not applicable", "-"]);
  expect(output).toContain(
    [
      "error kms-deletion at dev-foundation/Key",
      "  a plan may destroy the key",
      "  Set deletion_window_in_days = 30 and lifecycle prevent_destroy; without its key Vault's data is lost for good.",
    ].join("\n"),
  );
  expect(output).toContain(
    [
      "Accepted:",
      "  kms-deletion at dev-foundation/Short: the key is gone 7 days after its deletion",
      "    because a key for <tests> | only",
    ].join("\n"),
  );
  expect(output).not.toContain("production");
});

test.each(["table", "markdown"])("lists suppressions that accept nothing in a %s", async (format) => {
  const line = "kms-deletion at production-foundation/Key: was mended";
  const { output } = await run("env=production", `format=${format}`);
  expect(output).toMatch(new RegExp(`\n\nSuppressions that accept nothing:\n\n(- | {2})${line}$`));
  expect((await run("env=dev", `format=${format}`)).output).not.toContain("accept nothing");
});

test("prints errors before warnings", async () => {
  const { output } = await run("env=dev");
  expect(output.indexOf("error image-pinned")).toBeLessThan(output.indexOf("warning pod-resource-limits"));
});

test("exits with 0 for an environment without errors", async () => {
  const { code, output } = await run("env=production");
  expect(code).toBe(ExitCode.OK);
  expect(output).toContain("production: 0 errors, 0 warnings, 0 accepted");
});

test("prints all environments if none is named", async () => {
  const { code, output } = await run();
  expect(code).toBe(ExitCode.FOUND);
  expect(output).toMatch(/^dev: [\s\S]*\n\nproduction: /);
});

test("escapes user text in Markdown table cells", async () => {
  const { output } = await run("env=dev", "format=markdown");
  expect(output).toContain(
    "### Hardening of dev\n\n2 errors, 1 warning, 2 accepted\n\n| Item | State | Where |",
  );
  expect(output).toContain(
    "| Keys cannot be destroyed, buckets are private, roles are narrow | error | dev-foundation/Key |",
  );
  expect(output).toContain("| a key for &lt;tests&gt; \\| only |");
  const cells = output.split("\n").filter((line) => line.startsWith("|"));
  for (const line of cells) expect(line).toMatch(/\|$/);
});

test("prints the items and rules of the environment as JSON", async () => {
  const { output } = await run("env=dev", "format=json");
  const { environments, unneededSuppressions } = JSON.parse(output);
  expect(unneededSuppressions).toEqual([]);
  expect(environments).toHaveLength(1);
  const [{ name, stacks, items, rules }] = environments;
  expect([name, stacks]).toEqual(["dev", ["dev-foundation"]]);
  expect(items).toHaveLength(22);
  expect(items.find(({ id }: { id: string }) => id === "cloud")).toMatchObject({
    list: "hardening",
    state: "error",
    where: ["dev-foundation/Key"],
    findings: [
      {
        rule: "kms-deletion",
        level: "error",
        path: "dev-foundation/Key",
        problem: "a plan may destroy the key",
      },
      { accepted: { reason: "a key for <tests> | only", path: "dev-foundation/Short" } },
      { accepted: { reason: "a key for <tests> | only", path: "dev-foundation/Short" } },
    ],
  });
  expect(rules).toContainEqual({ id: "kms-deletion", level: "error", met: 0, findings: 3 });
});

test.each([
  [["env=staging"], '--env must be an environment that has stacks, got "staging"; allowed: dev, production.'],
  [["format=xml"], '--format must be table, json, markdown, got "xml".'],
])("rejects %s", async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
});
