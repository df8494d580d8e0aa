import { type BlockPair, pairBlocks } from "../analysis/coverage/block-pairs";
import { differencesOf, valuesAt } from "../analysis/coverage/differences";
import { type Scope, scopesOf, withHiddenValues } from "../analysis/coverage/hidden-values";
import type { Status } from "../analysis/coverage/coverage";
import { creationOf, isGrave, statusOf } from "../analysis/coverage/status";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, ModelBlock } from "../analysis/terraform/synthesized";
import type { Change, Label } from "./changes";
import { isLoss } from "./destruction";
import { existenceChanges } from "./diff-existence";
import { lifecycleChanges } from "./diff-lifecycle";
import { settingChanges, shownValue } from "./diff-settings";
import { mark } from "./markdown";

/** Limit of attributes in the description of a change. The details have all. */
const MOST_NAMES = 8;

/** Attributes with values that are shown. They hold no secret. */
const SHOWN = /(^|\.)(addon_version|replicas|schedule|version)$/;

/** Arguments that say how often and where a new object is made. Provider configurations are compared themselves. */
const WHERE = /^(count|for_each|provider)(\.|$)/;

/** Data sources that run a program, or take a value from outside. */
const FOREIGN_DATA = /^(external|http)$/;

/**
 * Changes that no other comparison reads: every block and every attribute that coverage lists neither as read nor as
 * inert. If there are none, and no others, nothing has changed.
 */
export function unreadChanges(before: Environment, after: Environment): Change[] {
  const [earlier, later] = [scopesOf(before.blocks), scopesOf(after.blocks)];
  return pairBlocks(before, after).flatMap((pair) => {
    const { kind, stack } = blockOf(pair);
    return kind === "resource" || kind === "data" || kind === "ephemeral"
      ? [
          ...typedChanges(pair, earlier.get(stack), later.get(stack)),
          ...existenceChanges(pair),
          ...lifecycleChanges(pair),
        ]
      : settingChanges(pair);
  });
}

function blockOf({ before, after }: BlockPair): ModelBlock {
  return (after ?? before)!;
}

/** Changes of a resource or data source. */
function typedChanges(pair: BlockPair, earlier: Scope | undefined, later: Scope | undefined): Change[] {
  const { kind } = blockOf(pair);
  const { type } = pair;
  if (pair.was && pair.is) return attributeChanges(pair, earlier, later);
  if (pair.was) {
    const status = statusOf(kind, type, "-");
    return isNamed(status) ? [changeOf(pair, status, `- ${TEXTS[status]}`)] : [];
  }
  if (!pair.is) return [];
  const { status, isWhole } = creationOf(kind, type);
  const paths = isWhole ? [] : differencesOf(undefined, pair.is).filter((path) => !WHERE.test(path));
  const found = byStatus(paths.map((path) => [path, statusOf(kind, type, path, true)]));
  const changes = (["code", "unread"] as const).flatMap((each) => {
    const attributes = found.get(each);
    return attributes ? [changeOf(pair, each, `+ with ${listed(attributes)}`, attributes)] : [];
  });
  return isNamed(status) ? [changeOf(pair, status, `+ ${TEXTS[status]}`), ...changes] : changes;
}

/** Changed attributes of a block that is in both revisions, one change for each status. */
function attributeChanges(pair: BlockPair, earlier: Scope | undefined, later: Scope | undefined): Change[] {
  const { was = {}, is = {}, type, isReplaced } = pair;
  const { kind } = blockOf(pair);
  if (isReplaced) {
    const isReported = !type.startsWith("vault_") || isLoss(type);
    const isKnown = kind !== "resource" || (isReported && statusOf(kind, type, "-") === "read");
    const what = "same arguments at another address: destroyed and created again";
    return isKnown ? [] : [changeOf(pair, "operation", what)];
  }
  const paths = differencesOf(was, is);
  // A reader sees no difference in an expression that it cannot evaluate.
  const hidden = differencesOf(withHiddenValues(was, earlier), withHiddenValues(is, later));
  const statuses = [
    ...paths.map((path): [string, Status] => [path, statusOf(kind, type, path)]),
    ...hidden.filter((path) => !paths.includes(path)).map((path): [string, Status] => [path, "unread"]),
  ];
  return [...byStatus(statuses)].flatMap(([status, found]) => {
    const values = found.map((path) =>
      SHOWN.test(path) ? `${mark(path)}: ${valuesOf(pair, path)}` : mark(path),
    );
    return isNamed(status) ? [changeOf(pair, status, `changed: ${shortened(values)}`, found)] : [];
  });
}

type Named = Exclude<Status, "read" | "inert">;

const isNamed = (status: Status): status is Named => status !== "read" && status !== "inert";

/** Descriptions of a block that is created or removed. */
const TEXTS: Readonly<Record<Named, string>> = {
  operation: "a setting of operation",
  code: "code from outside",
  unread: "not analysed",
};

function byStatus(statuses: readonly (readonly [path: string, status: Status])[]): Map<Status, string[]> {
  const found = new Map<Status, string[]>();
  for (const [path, status] of statuses) found.set(status, [...(found.get(status) ?? []), path]);
  return found;
}

function valuesOf({ was, is }: BlockPair, path: string): string {
  return [was, is].map((contents) => shownValue(valuesAt(contents, path))).join(" -> ");
}

function listed(paths: readonly string[]): string {
  return shortened(paths.map(mark));
}

function shortened(texts: readonly string[]): string {
  const rest = texts.length - MOST_NAMES;
  return [...texts.slice(0, MOST_NAMES), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

function changeOf(pair: BlockPair, status: Named, what: string, paths: readonly string[] = []): Change {
  const block = blockOf(pair);
  const rest = paths.slice(MOST_NAMES);
  return {
    kind: status === "operation" ? "operation" : "unread",
    direction: status === "operation" ? "same" : "changed",
    subject: `${block.kind === "resource" ? "" : `${block.kind} `}${block.type} ${block.writtenBy}`,
    what,
    labels: labelsOf(pair, status),
    details: [...(rest.length > 0 ? [`also ${rest.map(mark).join(", ")}`] : []), placeOf(block)],
  };
}

function labelsOf(pair: BlockPair, status: Named): Label[] {
  const { kind } = blockOf(pair);
  const { type } = pair;
  if (status === "operation") return [];
  if (status === "code" || (kind === "data" && FOREIGN_DATA.test(type))) return ["foreign code"];
  const grave = [pair.was, pair.is].some((contents) => contents && isGrave(type, contents));
  return grave ? ["unknown access"] : ["not analysed"];
}
