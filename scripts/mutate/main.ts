import { basename, dirname } from "node:path";
import { constructs } from "./constructs";
import { Copy } from "./copy";
import { foundations } from "./foundations";
import { platform } from "./platform";
import { SURVIVED, writeRow } from "./table";

const GOLDEN = "__tests__/golden/golden.test.ts";

/** Applies each fault to a copy of the last commit, and records in docs/testing.md which test detected it. */
function mutate(words: readonly string[]): void {
  const all = [...foundations, ...constructs, ...platform];
  const chosen = all.filter(({ fault }) => words.every((word) => fault.includes(word)));
  const copy = new Copy();
  try {
    const tests = [...new Set(chosen.flatMap((mutation) => copy.testsOf(mutation))), GOLDEN];
    const { red } = copy.run(tests);
    if (red.length > 0) throw new Error(`tests fail without a fault: ${red.join(", ")}`);
    const rows = all.map((mutation) => ({ folder: dirname(copy.fileOf(mutation)), fault: mutation.fault }));
    for (const mutation of chosen) {
      const verdict = copy.judge(mutation, copy.testsOf(mutation));
      const noticed = verdict.red.length > 0 ? verdict.red : copy.judge(mutation, [GOLDEN]).red;
      const test = noticed.map((path) => basename(path).replace(/([.]\w+)?[.]test[.]ts$/, ""))[0];
      const by = test === undefined ? SURVIVED : `\`${test}\``;
      console.info(`${by}: ${mutation.fault}`);
      writeRow({ ...rows.find(({ fault }) => fault === mutation.fault)!, by }, rows);
      if (by === SURVIVED) process.exitCode = 1;
    }
  } finally {
    copy.remove();
  }
}

mutate(process.argv.slice(2));
