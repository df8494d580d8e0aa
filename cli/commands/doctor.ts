import { renderColumns } from "../../access/table";
import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";
import type { Finding } from "../doctor/finding";
import { print } from "../terminal";

export const command = defineCommand({
  summary: "what in a cluster will not work, before the first deploy",
  usage: `--env NAME

Asks the cluster that the kubeconfig names, by kubectl, and AWS, by its command line, and changes nothing. Looks at
versions, the storage driver, what enforces network policies, DNS servers, the API server's addresses, ranges of clients,
zones and nodes against the servers, the OIDC provider and the role's trust, instance metadata, custom resources, the encryption of Secrets, and clocks.

Exit codes: 0 nothing found, 1 the cluster does not answer, 2 problems, each with its fix.`,
  options: { env: { type: "string" } },
  async run({ values: { env } }) {
    if (env === undefined)
      throw new UserError("doctor needs --env: it compares a cluster with one environment.");
    const { findEnvironment } = await import("./connect.js");
    const { gatherFacts } = await import("../doctor/facts.js");
    const { examine } = await import("../doctor/checks.js");
    const environment = findEnvironment(env);
    const findings = examine(await gatherFacts(environment, process.env), environment);
    print(describe(findings));
    return findings.some(({ state }) => state === "problem") ? ExitCode.FOUND : ExitCode.OK;
  },
});

/** A line for each finding, and below it what to do. */
export function describe(findings: readonly Finding[]): string {
  const lines = renderColumns(findings.map(({ state, what, says }) => [state, what, says])).split("\n");
  return lines.flatMap((line, index) => [line, ...fixOf(findings[index])]).join("\n");
}

function fixOf({ fix }: Finding): string[] {
  return fix === undefined ? [] : [`         fix: ${fix}`];
}
