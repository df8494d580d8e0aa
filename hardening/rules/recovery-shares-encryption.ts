import { runsVault } from "../readers/programs";
import { type Pods, podsIn, programsOf } from "../readers/pods";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

/** Reports bootstraps that do not encrypt recovery shares for their custodians. */
export const recoverySharesEncryption: Rule = {
  id: "recovery-shares-encryption",
  level: "warning",
  title: "Each recovery share is encrypted for its custodian before it leaves Vault",
  item: "root-token",
  fix: "In production give a PGP public key per custodian: recoveryPgpKeys of the environment, pgpKeys of Bootstrap.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/pgp-gpg-keybase",
  check: forPlatform((platform) => {
    const bootstraps = podsIn(platform).filter(initialises);
    if (bootstraps.length === 0) return NOT_APPLICABLE;
    const plain = bootstraps.filter((pods) => !isGivenKeys(pods));
    return plain.length > 0
      ? nonCompliant(
          ...plain.map(({ kind }) => `the ${kind} that initialises Vault has no PGP keys of the custodians`),
        )
      : compliant(`encrypted by ${bootstraps[0].element.construct.node.path}`);
  }),
};

/**
 * Returns true for a permanent initialisation. If the program restores a snapshot afterwards, the shares become void at
 * once.
 */
function initialises(pods: Pods): boolean {
  return (
    /\boperator\s+init\b/.test(programsOf(pods)) &&
    !runsVault(pods, "operator", "raft", "snapshot", "restore")
  );
}

/**
 * Returns true if PGP keys are set, by a flag of the command or by the variable from which the bootstrap script builds
 * it.
 */
function isGivenKeys({ containers }: Pods): boolean {
  return containers.some(
    ({ command, variables }) =>
      command.some((argument) => /-(recovery-)?pgp-keys=./.test(argument)) ||
      variables.some(({ name, value }) => name === "RECOVERY_PGP_KEYS" && value),
  );
}
