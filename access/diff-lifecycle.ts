import type { BlockPair } from "../analysis/coverage/block-pairs";
import { canonical } from "../analysis/coverage/differences";
import { isGrave, statusOf } from "../analysis/coverage/status";
import { placeOf } from "../analysis/terraform/sources";
import { listOf } from "../analysis/terraform/values";
import type { Change, Label } from "./changes";
import { isLoss } from "./destruction";
import { mark } from "./markdown";

/** Settings of a lifecycle that say only when Terraform works, or check what it has done. */
const CHECKS = ["replace_triggered_by", "precondition", "postcondition", "action_trigger"];

/** Changes to what Terraform may destroy, and to what it ignores. A removed block is another change. */
export function lifecycleChanges({ before, after, type, is }: BlockPair): Change[] {
  if (!after || !is) return [];
  const [was, now] = [before, after].map((block) => settingsOf(block?.body.lifecycle));
  const label: Label = isGrave(type, is) ? "unknown access" : "not analysed";
  const change = {
    kind: "unread",
    subject: `${after.kind === "resource" ? "" : `${after.kind} `}${after.type} ${after.writtenBy}`,
    details: [placeOf(after)],
  } as const;
  const changes: Change[] = [];
  const [kept, keeps] = [was, now].map(({ prevent_destroy }) => prevent_destroy === "true");
  const prevent = mark("prevent_destroy");
  const isRead =
    !type.startsWith("vault_") && statusOf(after.kind, type, "lifecycle.prevent_destroy") === "read";
  if (kept && !keeps && !isRead) {
    const what = `- ${prevent}: from now on, Terraform can destroy it`;
    changes.push({ ...change, kind: "destruction", direction: "changed", what, labels: ["destroys"] });
  }
  const [ignored, ignores] = [was, now].map(({ ignore_changes }) => listOf(ignore_changes));
  const [more, less] = [without(ignores, ignored), without(ignored, ignores)];
  // Terraform creates a new object with all its attributes.
  if (before && more.length > 0) {
    const what = `Terraform ignores changes of ${more.map(mark).join(", ")} from now on`;
    changes.push({ ...change, direction: "changed", what, labels: [label] });
  }
  if (before && less.length > 0) {
    const what = `Terraform no longer ignores changes of ${less.map(mark).join(", ")}`;
    changes.push({ ...change, direction: "changed", what, labels: ["not analysed"] });
  }
  const trigger = "replace_triggered_by";
  const isTriggered = now[trigger] !== undefined && textOf(was[trigger]) !== textOf(now[trigger]);
  if (isTriggered && isLoss(type)) {
    const what = `${mark(trigger)}: Terraform destroys it whenever they change`;
    changes.push({ ...change, kind: "destruction", direction: "changed", what, labels: ["destroys"] });
  }
  const checks = before ? CHECKS.filter((name) => textOf(was[name]) !== textOf(now[name])) : [];
  if (checks.length > 0) {
    const what = `changed: ${checks.map((name) => mark(`lifecycle.${name}`)).join(", ")}`;
    changes.push({ ...change, kind: "operation", direction: "same", what, labels: [] });
  }
  return changes;
}

function settingsOf(lifecycle: unknown): Record<string, unknown> {
  const [settings] = [canonical(lifecycle)].flat();
  return typeof settings === "object" && settings !== null ? (settings as Record<string, unknown>) : {};
}

function without(values: readonly string[], others: readonly string[]): string[] {
  return values.filter((value) => !others.includes(value));
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
