import { CALL, ExitCode, defineCommand } from "../../command";
import { FORMAT, NO_TRACES, ONLY_ENV } from "../../options";
import { print } from "../../terminal";
import { DIR, readEnvironments } from "./synthesized";

/** Subcommand `access map`. */
export const map = defineCommand({
  summary: "Shows every identity with what it can do, and why",
  options: { env: ONLY_ENV, format: FORMAT, dir: DIR, "no-traces": NO_TRACES },
  examples: [`${CALL} access`, `${CALL} access map --env production --format json`],
  exitCodes: { "0": "printed", "1": "failed or called wrongly" },
  async run({ values }) {
    const { accessMap } = await import("../../../access/access-map.js");
    const { renderMap } = await import("../../../access/render-map.js");
    print(renderMap((await readEnvironments(values)).map(accessMap), values.format));
    return ExitCode.OK;
  },
});
