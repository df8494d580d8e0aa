import type { TerraformStack } from "cdktf";
import type { Change } from "../../../access/changes";
import { accessDiff } from "../../../access/diff";
import { plain } from "../../../access/markdown";
import { platform } from "./platform";

type Build = (stack: TerraformStack) => void;

/** Access changes between two builds of a stack, one line each: kind, direction, subject, `what`, labels. */
export function changesOf(before: Build, after: Build): string[] {
  const [{ changes }] = accessDiff([platform(before)], [platform(after)]);
  return changes.map(describe);
}

function describe({ kind, direction, subject, what, labels }: Change): string {
  const risk = labels.length > 0 ? ` [${labels.join(", ")}]` : "";
  return `${kind} ${direction}: ${subject}: ${plain(what)}${risk}`;
}
