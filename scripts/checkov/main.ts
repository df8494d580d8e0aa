import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { checkovSuppressions } from "../../constructs/core/checkov";
import { definitions } from "../../environments";
import { UserError } from "../../constructs/core/user-error";
import { buildPlatform } from "../../stacks";
import { addBadExamples } from "./bad-examples";
import { CLAIMED, NOT_COVERED } from "./checks";
import { VERSION, installCheckov } from "./install";
import { type Scan, judgeExamples, judgeStacks } from "./judge";
import { scan } from "./scan";

/** Scans all stacks of all environments, and the bad examples. @returns the exit code */
async function main(): Promise<number> {
  const checkov = await installCheckov();
  const folder = mkdtempSync(join(tmpdir(), "checkov-"));
  try {
    const stacks = synthesize(join(folder, "platform"), (app) => buildPlatform(app, definitions));
    let targets = {};
    const [examples] = synthesize(join(folder, "examples"), (app) => {
      targets = addBadExamples(new TerraformStack(app, "bad-examples"));
    });
    const [exampleFindings, ...findings] = await inParallel([examples, ...stacks], (stack) =>
      scan(checkov, join(stack.outdir, "stacks", stack.name)),
    );
    const scans = stacks.map(({ name, suppressions }, index): Scan => {
      return { stack: name, findings: findings[index], suppressions };
    });
    return report(scans, [
      ...judgeStacks(scans, CLAIMED),
      ...judgeExamples({ findings: exampleFindings, targets }, CLAIMED, NOT_COVERED),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function synthesize(outdir: string, build: (app: App) => void) {
  const app = new App({ outdir });
  build(app);
  app.synth();
  return app.node.children.filter(TerraformStack.isStack).map((stack) => ({
    name: stack.node.id,
    outdir,
    suppressions: checkovSuppressions(stack),
  }));
}

/** Runs one worker per processor, because each scan takes a few seconds of Python. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

function report(scans: readonly Scan[], wrong: readonly string[]): number {
  console.log(`checkov ${VERSION}`);
  for (const { stack, findings, suppressions } of scans) {
    const passed = findings.filter((finding) => finding.passed).length;
    console.log(`  ${stack}: ${passed} passed, ${suppressions.length} suppressed`);
  }
  console.log("\nSuppressed:");
  const reasons = scans.flatMap(({ suppressions }) => suppressions);
  for (const line of new Set(reasons.map(({ checkId, reason }) => `  ${checkId}: ${reason}`)))
    console.log(line);
  console.log("\nNot covered, because it cannot fail on what is synthesized:");
  for (const [checkId, reason] of Object.entries(NOT_COVERED)) console.log(`  ${checkId}: ${reason}`);
  if (wrong.length > 0) {
    console.error(`\n${wrong.length} wrong:\n${wrong.map((line) => `  ${line}`).join("\n")}`);
    return 1;
  }
  console.log(
    `\nNothing else fails; each of the ${Object.keys(CLAIMED).length} claimed checks fails on its bad example.`,
  );
  return 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  },
);
