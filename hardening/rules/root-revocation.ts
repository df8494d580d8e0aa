import { runsVault, vaultCommandsIn } from "../readers/programs";
import { madeOf } from "../readers/existence";
import { type Pods, podsIn, programsOf } from "../readers/pods";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

/** Reports initialisations of Vault that keep the root token. */
export const rootRevocation: Rule = {
  id: "root-revocation",
  level: "error",
  title: "Whoever initialises Vault revokes the root token",
  item: "root-token",
  fix: "Initialise Vault by VaultBootstrap, which revokes the root token and proves that Vault refuses it.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/tokens#root-tokens",
  check: forPlatform((platform) => {
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    const bootstraps = madeOf(
      podsIn(platform).filter((pods) => /\boperator\s+init\b/.test(programsOf(pods))),
      ({ element }) => element,
    ).filter(({ suspended }) => !suspended);
    if (bootstraps.length === 0) {
      return nonCompliant("nothing here initialises Vault, so nobody is seen to revoke the root token");
    }
    // A restored snapshot voids the root token that was made for it.
    const keeping = bootstraps.filter(
      (pods) => !revokes(pods) && !runsVault(pods, "operator", "raft", "snapshot", "restore"),
    );
    return keeping.length > 0
      ? nonCompliant(...keeping.map(({ kind }) => `the ${kind} that initialises Vault keeps the root token`))
      : compliant(`revoked by ${bootstraps[0].element.construct.node.path}`);
  }),
};

/** Returns true if a command that can run revokes a token, by the command or by the path of the API. */
function revokes(pods: Pods): boolean {
  return (
    runsVault(pods, "token", "revoke") ||
    vaultCommandsIn(pods).some(
      ([command, path]) => command === "write" && /^\/?auth\/token\/revoke/.test(path ?? ""),
    )
  );
}
