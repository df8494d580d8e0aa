// Set before any other module reads it: the bench and the local platform use separate folders.
process.env.PLATFORM_FOLDER = ".bench";

import { cpus, totalmem } from "node:os";
import { runToExit } from "../cli/terminal";
import { HELP, type PartName, parseArguments } from "./arguments";
import type { Table } from "./table";

async function measurePart(part: PartName, small: boolean, say: (text: string) => void): Promise<Table[]> {
  // Imported here so that the help appears fast.
  switch (part) {
    case "synth":
      return (await import("./synth.js")).synth(small, say);
    case "config":
      return (await import("./config.js")).config(small, say);
    case "lifecycle":
      return (await import("./lifecycle.js")).lifecycle(small, say);
    case "tests":
      return (await import("./tests.js")).tests(say);
  }
}

async function main(args: readonly string[]): Promise<number> {
  let options;
  try {
    options = parseArguments(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const { stopwatch } = await import("../access/table.js");
  const { render } = await import("./table.js");
  const { down } = await import("../local/down.js");
  const { takeLock } = await import("../local/lock.js");
  const { places } = await import("../local/places.js");
  const { stopRunning } = await import("../cli/processes.js");
  const elapsed = stopwatch();
  const say = (text: string) => console.error(`[${elapsed().toFixed(0).padStart(4)}s] ${text}`);
  try {
    await takeLock(places.lock, { holder: `another ${places.command}` });
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      say(`interrupted (${signal})`);
      void stopRunning()
        .then(down)
        .finally(() => process.exit(code));
    });
  }
  const [{ model }] = cpus();
  console.log(
    `${cpus().length} x ${model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${process.arch}, Node ${process.version}\n`,
  );
  try {
    for (const part of options.parts) {
      for (const table of await measurePart(part, options.small, say)) {
        console.log(`${render(table, options.markdown)}\n`);
      }
    }
    say("done");
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await down();
  }
}

runToExit(() => main(process.argv.slice(2)));
