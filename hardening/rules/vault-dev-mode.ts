import { valueAt } from "../readers/helm";
import { commandsIn } from "../readers/programs";
import { blockAt } from "../readers/helm";
import { isOn } from "../readers/values";
import type { Rule } from "../rule";
import { all, forPods, forVaultReleases } from "../subjects";

/** Reports servers in development mode. */
export const vaultDevMode: Rule = {
  id: "vault-dev-mode",
  level: "error",
  title: "Vault does not run in development mode",
  item: "server",
  fix: "Take out server.dev.enabled and -dev: that server keeps nothing, and its root token is known.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/dev-server",
  check: all(
    forVaultReleases(({ values }) =>
      isOn(blockAt(values, "server.dev"), "enabled") ? ["server.dev.enabled is on"] : [],
    ),
    forVaultReleases(({ values }) => {
      // The chart adds the text to the command of the servers.
      const words = [valueAt(values, "server.extraArgs")]
        .flat()
        .flatMap((text) => String(text ?? "").split(/[\s"']+/));
      return words.filter(isDevFlag).map((flag) => `server.extraArgs has ${flag}`);
    }),
    forPods((pods) =>
      commandsIn(pods)
        .filter((words) => words.includes("server"))
        .flatMap((words) => words.filter(isDevFlag))
        .map((flag) => `a command runs the server with ${flag}`),
    ),
  ),
};

/** Returns true for `-dev` and its variants, such as `-dev-root-token-id=x`. */
function isDevFlag(word: string): boolean {
  return /^--?dev(-[\w-]+)?(=|$)/.test(word) && !/=(0|f|false)$/i.test(word);
}
