import {
  type Container,
  type Workload,
  filesOf,
  repositoryOf,
  workloadOf,
} from "../analysis/kubernetes/workloads";
import { isUnknown } from "../analysis/kubernetes/values";
import { type Change, type Label, pairUp, sortLabels } from "./changes";
import { type Cluster, pairObjects } from "./kubernetes-cluster";
import { mark } from "./markdown";

type Row = Pick<Change, "direction" | "what" | "labels"> & { readonly kind?: Change["kind"] };

/** Variables that decide which systems a program trusts, or which program it runs. */
const TRUSTED_VARIABLES =
  /ADDR|URL|HOST|ENDPOINT|BUCKET|ARN|ROLE|KEY|ISSUER|CACERT|CAPATH|SKIP_VERIFY|NAMESPACE|PROXY|^(PATH|LD_|BASH_ENV|ENV$|HOME$|SSL_CERT_|(NODE|JAVA_TOOL|RUBY|PERL5)_?OPT|PYTHON|GIT_|GODEBUG|KUBECONFIG|\w+_(CONFIG|CREDENTIALS)_FILE)/i;

/** Changes to pods: the ServiceAccounts as which they run, their programs, and their access to nodes and Secrets. */
export function workloadChanges(before: Cluster, after: Cluster): Change[] {
  const of = ({ objects }: Cluster) => objects.flatMap((object) => workloadOf(object) ?? []);
  return pairObjects(of(before), of(after), ({ key }) => key).flatMap(({ key, before: was, after: is }) => {
    const details = [(is ? after : before).placeOf((is ?? was)!.object) ?? []].flat();
    return rowsOf(was, is, before, after).map(({ kind = "elsewhere", ...row }): Change => ({
      ...row,
      kind,
      subject: key,
      labels: sortLabels(row.labels),
      details,
    }));
  });
}

function rowsOf(was: Workload | undefined, is: Workload | undefined, before: Cluster, after: Cluster): Row[] {
  if (!is) return [{ kind: "operation", direction: "narrower", what: "- the workload", labels: [] }];
  const atVault = isUnknown(is.namespace) || after.vaultNamespaces.has(is.namespace);
  const grave = (label: Label): Label[] => (atVault ? [label] : []);
  const rows: Row[] = [];
  if (!was) {
    const images = is.containers.map(({ image }) => image).filter((image) => image !== undefined);
    rows.push({
      direction: "wider",
      what: `+ a workload: runs ${images.map(mark).join(", ") || "an unknown image"}`,
      labels: grave("runs code"),
    });
  } else {
    rows.push(...programRows(was, is, before, after, grave));
  }
  if (was?.serviceAccount !== is.serviceAccount) {
    const account = mark(is.serviceAccount);
    rows.push({
      direction: was ? "changed" : "wider",
      what: was
        ? `runs as ServiceAccount ${mark(was.serviceAccount)} -> ${account}`
        : `+ runs as ServiceAccount ${account}`,
      labels: [
        ...(is.serviceAccount === "default" ? [] : grave("impersonates")),
        ...(isUnknown(is.serviceAccount) ? ["unreadable" as const] : []),
        ...after.labelsOfAccount(is.namespace, is.serviceAccount),
      ],
    });
  }
  if (!is.isComplete && (was?.isComplete ?? true)) {
    rows.push({ direction: "changed", what: "+ pods that are not known", labels: ["unreadable"] });
  }
  return [
    ...rows,
    ...listRows(was?.nodeAccess, is.nodeAccess, (item) => `${mark(item)} of the node`, ["root"]),
    ...listRows(was?.secrets, is.secrets, (item) => `reads ${mark(item)}`, grave("cluster secrets")),
  ];
}

function listRows(
  before: readonly string[] = [],
  after: readonly string[],
  describe: (item: string) => string,
  labels: readonly Label[],
): Row[] {
  const added = [...new Set(after)].filter((item) => !before.includes(item));
  const removed = [...new Set(before)].filter((item) => !after.includes(item));
  return [
    ...added.map((item): Row => ({ direction: "wider", what: `+ ${describe(item)}`, labels })),
    ...removed.map((item): Row => ({ direction: "narrower", what: `- ${describe(item)}`, labels: [] })),
  ];
}

/** Rows of images, commands, scripts and variables. */
function programRows(
  was: Workload,
  is: Workload,
  before: Cluster,
  after: Cluster,
  grave: (label: Label) => Label[],
): Row[] {
  const pairs = pairUp(was.containers, is.containers, ({ name }) => name);
  const files = pairUp(
    Object.entries(filesAt(was, before)),
    Object.entries(filesAt(is, after)),
    ([name]) => name,
  );
  const foreign = is.configMaps.filter((name) => after.configMapsOf(is.namespace, name).length === 0);
  return [
    ...pairs.flatMap(({ key, before: earlier, after: later }) => containerRows(key, earlier, later, grave)),
    ...listRows(
      was.configMaps,
      foreign,
      (name) => `the files of the ConfigMap ${mark(name)}, which is not here`,
      grave("runs code"),
    ).filter(({ direction }) => direction === "wider"),
    ...files
      .filter(({ before: earlier, after: later }) => later && earlier?.[1] !== later[1])
      .map(({ key, before: earlier }): Row => ({
        direction: "changed",
        what: `${earlier ? "another content of" : "+"} the file ${mark(key)}`,
        labels: grave("runs code"),
      })),
  ];
}

function containerRows(
  name: string,
  was: Container | undefined,
  is: Container | undefined,
  grave: (label: Label) => Label[],
): Row[] {
  if (!is) return [{ direction: "changed", what: `- container ${mark(name)}`, labels: [] }];
  const where = `container ${mark(name)}`;
  if (!was) {
    return [
      { direction: "wider", what: `+ ${where}: runs ${mark(is.image ?? "")}`, labels: grave("runs code") },
    ];
  }
  const rows: Row[] = [];
  if (was.image !== is.image) {
    const [earlier, later] = [was.image ?? "", is.image ?? ""];
    const isTag = !isUnknown(later) && repositoryOf(earlier) === repositoryOf(later);
    rows.push({
      ...(isTag && { kind: "operation" as const }),
      direction: isTag ? "same" : "changed",
      what: `${where}: image ${mark(earlier)} -> ${mark(later)}`,
      labels: isTag ? [] : grave("runs code"),
    });
  }
  if (was.commands.join("\0") !== is.commands.join("\0")) {
    rows.push({ direction: "changed", what: `${where}: another command`, labels: grave("runs code") });
  }
  const variables = pairUp(Object.entries(was.variables), Object.entries(is.variables), ([key]) => key)
    .filter(({ before: earlier, after: later }) => earlier?.[1] !== later?.[1])
    .map(({ key }) => key);
  const trusted = variables.filter((key) => TRUSTED_VARIABLES.test(key));
  const others = variables.filter((key) => !trusted.includes(key));
  for (const [names, labels] of [
    [trusted, grave("runs code")],
    [others, []],
  ] as const) {
    if (names.length === 0) continue;
    rows.push({ direction: "changed", what: `${where}: another ${names.map(mark).join(", ")}`, labels });
  }
  return rows;
}

/** Files of the ConfigMaps that the pods read. Contents of the same name count together. */
function filesAt({ namespace, configMaps }: Workload, cluster: Cluster): Record<string, string> {
  const files: Record<string, string> = {};
  for (const map of [...new Set(configMaps)].flatMap((name) => cluster.configMapsOf(namespace, name))) {
    for (const [name, content] of Object.entries(filesOf(map))) {
      files[name] = name in files ? `${files[name]}\n${content}` : content;
    }
  }
  return files;
}
