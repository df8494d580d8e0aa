import { type BlockPair, pairBlocks } from "../analysis/coverage/block-pairs";
import { differencesOf, valuesAt } from "../analysis/coverage/differences";
import { type Scope, scopesOf, withHiddenValues } from "../analysis/coverage/hidden-values";
import type { Status } from "../analysis/coverage/coverage";
import { creationOf, isGrave, statusOf } from "../analysis/coverage/status";
import { vaultNamespacesIn } from "../analysis/kubernetes/objects";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, ModelBlock } from "../analysis/terraform/synthesized";
import type { Change, Label } from "./changes";
import { isLoss } from "./destruction";
import { existenceChanges } from "./diff-existence";
import { lifecycleChanges } from "./diff-lifecycle";
import { settingChanges, shownValue } from "./diff-settings";
import { mark } from "./markdown";
import { conditionTags } from "./condition-tags";
import { variablesIn } from "./diff-variables";

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
  const readsOutputs = [...before.blocks, ...after.blocks].some(
    ({ kind, type }) => kind === "data" && /^(terraform_remote_state|tfe_outputs)$/.test(type),
  );
  const variables = variablesIn(before, after);
  const vaultNamespaces = vaultNamespacesIn(after.resources);
  return pairBlocks(before, after).flatMap((pair) => {
    const { kind, stack } = blockOf(pair);
    return kind === "resource" || kind === "data" || kind === "ephemeral"
      ? [
          ...typedChanges(pair, earlier.get(stack), later.get(stack)).map((change) =>
            isPodOfVault(pair, vaultNamespaces) ? withLabel(change) : change,
          ),
          ...tagChanges(pair, before, after),
          ...variables.changesOf(pair).map(([status, what]) => changeOf(pair, status, what)),
          ...existenceChanges(pair),
          ...lifecycleChanges(pair),
        ]
      : [
          ...settingChanges(pair, readsOutputs),
          ...(CONFIGURATIONS.includes(kind) ? variables.changesOf(pair) : []).map(([status, what]) => ({
            ...changeOf(pair, status, what),
            subject: `${blockOf(pair).address} in ${stack}`,
            labels: [
              /^(module|provisioner)$/.test(kind) ? ("foreign code" as const) : ("unknown access" as const),
            ],
          })),
        ];
  });
}

/** Controllers of pods. */
const WORKLOADS =
  /^kubernetes_(pod|deployment|stateful_set|daemon_?set|replica_set|replication_controller|job|cron_job)(_v1)?$/;

/** Returns true for pods next to Vault, of which unread attributes can decide what they may do. */
function isPodOfVault({ type, was, is }: BlockPair, vaultNamespaces: ReadonlySet<string>): boolean {
  if (!WORKLOADS.test(type)) return false;
  return [was, is].some((contents) =>
    valuesAt(contents, "metadata.namespace").some((name) => vaultNamespaces.has(name)),
  );
}

function withLabel(change: Change): Change {
  return change.labels.join() === "not analysed" ? { ...change, labels: ["unknown access"] } : change;
}

/** Kinds of other blocks with arguments that decide on access or code. */
const CONFIGURATIONS: readonly string[] = [
  "provider",
  "module",
  "provisioner",
  "terraform",
  "import",
  "other",
];

/** Changed tags that a condition of a policy reads. */
function tagChanges(pair: BlockPair, before: Environment, after: Environment): Change[] {
  if (pair.type.split("_")[0] !== "aws" || !pair.was || !pair.is || blockOf(pair).kind !== "resource")
    return [];
  const tags = differencesOf(pair.was, pair.is).filter((path) => {
    const [, tag] = /^tags(?:_all)?(?:\.(.*))?$/s.exec(path) ?? [undefined, ""];
    return tag !== "" && [before, after].some((environment) => conditionTags(environment).includes(tag));
  });
  if (tags.length === 0) return [];
  return [changeOf(pair, "unread", `changed, and policies have conditions on it: ${listed(tags)}`, tags)];
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
    ...paths.map((path): [string, Status] => [
      path,
      areUnknownBlocks(pair, path) ? "unread" : statusOf(kind, type, path),
    ]),
    ...hidden.filter((path) => !paths.includes(path)).map((path): [string, Status] => [path, "unread"]),
  ];
  return [...byStatus(statuses)].flatMap(([status, found]) => {
    const values = found.map((path) =>
      SHOWN.test(path) ? `${mark(path)}: ${valuesOf(pair, path)}` : mark(path),
    );
    return isNamed(status) ? [changeOf(pair, status, `changed: ${shortened(values)}`, found)] : [];
  });
}

/** Returns true for blocks of an unknown number, in which no comparison sees a change. */
function areUnknownBlocks({ was, is }: BlockPair, path: string): boolean {
  return [was, is].every((contents) =>
    valuesAt(contents, path).some((value) => value.startsWith("{{terraform dynamic.")),
  );
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
  // A change can run its programs again, with other values.
  if ([pair.before, pair.after].some((block) => block?.body.provisioner !== undefined))
    return ["foreign code"];
  const contents = [pair.was, pair.is].filter((it) => it !== undefined);
  // A block that makes no object has its arguments, too.
  const grave = (contents.length > 0 ? contents : [blockOf(pair).attributes]).some((it) => isGrave(type, it));
  return grave ? ["unknown access"] : ["not analysed"];
}
