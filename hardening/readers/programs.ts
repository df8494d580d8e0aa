import type { Platform } from "../platform";
import { memo } from "../memo";
import { type ShellCommand, commandsOf } from "../shell/commands";
import { findConfigMaps } from "./config-maps";
import { imageName } from "./images";
import { type Pods, podsIn } from "./pods";

/** Subcommands of Vault in the arguments of an image that has Vault as its entry point. */
const SUBCOMMANDS = /^(operator|token|audit|write|read|login)$/;

/**
 * Commands that the containers of the pods can run, in their commands and in the ConfigMap files that these run. A
 * command in a comment, in a string or in an unreachable branch is not one.
 * @throws NotJudged for a script that cannot be parsed
 */
export const commandsIn = memo((pods: Pods): ShellCommand[] => {
  const files = filesOf(pods);
  return pods.containers.flatMap(({ command, image }) => {
    const isVault = /^vault(-enterprise)?$/.test(imageName(image)) && SUBCOMMANDS.test(command[0] ?? "");
    return commandsOf(isVault ? ["vault", ...command] : command, files);
  });
});

/**
 * Returns true if the pods run a command of Vault, such as `token revoke`.
 * @throws NotJudged for a script that cannot be parsed
 */
export function runsVault(pods: Pods, ...subcommand: readonly string[]): boolean {
  return vaultCommandsIn(pods).some((words) => subcommand.every((word, index) => words[index] === word));
}

/** Arguments of all Vault commands of the pods, without flags. */
export const vaultCommandsIn = memo((pods: Pods): ShellCommand[] =>
  commandsIn(pods)
    .filter(([program]) => program.split("/").pop() === "vault")
    .map(([, ...words]) => words.filter((word) => !word.startsWith("-"))),
);

/** Pods of a platform that run a command of Vault. */
export function podsThatRun(platform: Platform, ...subcommand: readonly string[]): Pods[] {
  // Most pods have no word of the command, and need no parser.
  const mention = new RegExp(subcommand.map((word) => `\\b${word}\\b`).join("[\\s\\S]*"));
  return podsIn(platform).filter((pods) => mention.test(textOf(pods)) && runsVault(pods, ...subcommand));
}

const textOf = memo((pods: Pods): string =>
  [...pods.containers.flatMap(({ command }) => command), ...Object.values(filesOf(pods))].join("\n"),
);

/** Files of the ConfigMaps that the pods mount, by name. */
export function filesOf({ element, namespace, volumes }: Pods): Record<string, string> {
  const maps = volumes.flatMap(({ configMap }) =>
    configMap === undefined ? [] : findConfigMaps(element.platform, namespace, configMap),
  );
  return Object.assign({}, ...maps.map(({ data }) => data)) as Record<string, string>;
}
