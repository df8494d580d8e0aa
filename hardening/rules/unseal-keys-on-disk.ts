import { findTexts } from "../readers/blocks";
import { programsOf } from "../readers/pods";
import type { Rule } from "../rule";
import { all, forElements, forPods } from "../subjects";

const INITIALISES = /\boperator\s+init\b/;

/** Reports initialisations of Vault that keep unseal keys outside memory. */
export const unsealKeysOnDisk: Rule = {
  id: "unseal-keys-on-disk",
  level: "error",
  title: "Whoever initialises Vault keeps its keys in memory alone",
  item: "auto-unseal",
  fix: "Initialise Vault in a Job whose work folder is an emptyDir of medium Memory, as VaultBootstrap does.",
  source: "https://developer.hashicorp.com/vault/docs/commands/operator/init",
  check: all(
    forPods((pods) =>
      INITIALISES.test(programsOf(pods)) && !pods.volumes.some(({ inMemory }) => inMemory)
        ? ["runs vault operator init without a volume in memory: the keys would be on a disk or in the log"]
        : [],
    ),
    forElements(
      ({ block, body }) => block === "resource" && body.provisioner !== undefined,
      ({ body }) =>
        findTexts(body.provisioner, (command) => INITIALISES.test(command)).length > 0
          ? ["a provisioner runs vault operator init: the keys would be where Terraform runs"]
          : [],
    ),
  ),
};
