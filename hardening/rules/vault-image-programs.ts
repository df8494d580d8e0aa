import { imageName } from "../readers/images";
import { scriptOf } from "../readers/pods";
import type { Rule } from "../rule";
import { forContainers } from "../subjects";

const PROGRAM = /(?:^|[\n;&|(]|\b(?:then|do|else|if|while|until)\b)\s*(aws|jq|curl|kubectl|psql|bash)(?=\s)/m;

/** Reports containers of Vault's image that run programs which the image does not have. */
export const vaultImagePrograms: Rule = {
  id: "vault-image-programs",
  level: "error",
  title: "Containers of Vault's image run programs that the image has",
  item: "server",
  fix: "Save the snapshot in an init container of Vault's image and upload it from a container of the AWS CLI.",
  source: "https://hub.docker.com/r/hashicorp/vault",
  check: forContainers((container, pods) => {
    if (!/^vault(-enterprise)?$/.test(imageName(container.image))) return [];
    const program = PROGRAM.exec(scriptOf(pods, container))?.[1];
    return program ? [`runs ${program}, which is not in Vault's image`] : [];
  }),
};
