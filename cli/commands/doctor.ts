import { renderColumns } from "../../access/table";
import { CALL, ExitCode, defineCommand } from "../command";
import type { Finding } from "../doctor/finding";
import { ENV } from "../options";
import { print } from "../terminal";

/** Command `doctor`. */
export const command = defineCommand({
  summary: "Finds what will not work in a cluster, before the first deploy",
  about: `Reads the cluster of your kubeconfig with kubectl, and AWS with its command line, and changes nothing. Checks versions, the storage driver, enforcement of network policies, DNS servers, addresses of the API server, ranges of clients, zones and nodes, the OIDC provider and the trust of the role, instance metadata, custom resources, encryption of Secrets, and clocks.`,
  options: { env: ENV },
  examples: [`${CALL} doctor --env dev`],
  exitCodes: {
    "0": "nothing found",
    "1": "the cluster does not answer, or doctor was called wrongly",
    "2": "problems, each with its fix",
  },
  async run({ values: { env } }) {
    const { findEnvironment } = await import("./exec.js");
    const { gatherFacts } = await import("../doctor/facts.js");
    const { examine } = await import("../doctor/checks.js");
    const environment = findEnvironment(env);
    const findings = examine(await gatherFacts(environment, process.env), environment);
    print(describe(findings));
    return findings.some(({ state }) => state === "problem") ? ExitCode.FOUND : ExitCode.OK;
  },
});

/** Renders one line for each finding, followed by its fix. */
export function describe(findings: readonly Finding[]): string {
  const lines = renderColumns(findings.map(({ state, what, says }) => [state, what, says])).split("\n");
  return lines.flatMap((line, index) => [line, ...fixOf(findings[index])]).join("\n");
}

function fixOf({ fix }: Finding): string[] {
  return fix === undefined ? [] : [`         fix: ${fix}`];
}
