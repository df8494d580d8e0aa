import type { BlockPair } from "../analysis/coverage/block-pairs";
import { placeOf } from "../analysis/terraform/sources";
import { type Change, type Label, sortLabels } from "./changes";
import { isLoss } from "./destruction";
import { mark } from "./markdown";
import { classOf, isGuard } from "./vault-settings";

/** Types with a comparison that counts an object that perhaps exists: as a permission, and as no denial. */
const COMPARED = /^(aws|kubernetes_network_policy)/;

/** Change of a resource that perhaps exists, because only Terraform knows how many of it there are. */
export function existenceChanges({ before, after, type }: BlockPair): Change[] {
  if (!before || !after || after.kind !== "resource" || COMPARED.test(type)) return [];
  if (before.existence === "no" || after.existence === "no" || before.existence === after.existence)
    return [];
  const isDoubtful = after.existence === "perhaps";
  const reason = `its ${mark("count")} or ${mark("for_each")}`;
  return [
    {
      kind: "unread",
      direction: "changed",
      subject: `${after.type} ${after.writtenBy}`,
      what: isDoubtful
        ? `perhaps it is gone: ${reason} is not known`
        : `it exists for certain: ${reason} is known`,
      labels: isDoubtful ? sortLabels(labelsOf(type)) : [],
      details: [placeOf(after)],
    },
  ];
}

function labelsOf(type: string): Label[] {
  return [
    ...(isGuard(type) ? [classOf(type)] : []),
    // A policy also denies.
    ...(type === "vault_policy" ? (["unreadable"] as const) : []),
    ...(isLoss(type) ? (["destroys"] as const) : []),
  ];
}
