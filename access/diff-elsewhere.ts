import { type Change, type Label, pairUp, sortLabels } from "./changes";
import { mark } from "./markdown";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";

/** Permissions outside Vault that give access to its secrets, keys or servers. */
const RIGHTS =
  /^aws_(iam_(role|role_policy|policy|role_policy_attachment|policy_document|openid_connect_provider)|kms_key_policy|s3_bucket_policy|secretsmanager_secret_policy|eks_access_(entry|policy_association))$/;

const NO_RIGHTS = [
  "//",
  "description",
  "depends_on",
  "provider",
  "lifecycle",
  "tags",
  "labels",
  "annotations",
  "policy_id",
];

const ADMINISTRATOR = /\b(cluster-admin|system:masters|AdministratorAccess|AmazonEKSClusterAdminPolicy)\b/;

/** Unlimited permissions: a verb or action `*`, or all actions of a service. */
const ANYTHING = /"(actions|verbs)":\[[^\]]*"([a-z0-9-]+:)?\*"/;

/** Changes to permissions in Kubernetes and AWS, as added and removed lines. */
export function elsewhereChanges(before: Environment, after: Environment): Change[] {
  const of = ({ resources }: Environment) => resources.filter(({ type }) => RIGHTS.test(type));
  return pairUp(of(before), of(after), ({ stack, address }) => `${stack} ${address}`).flatMap(
    ({ before: was, after: is }): Change[] => {
      const [earlier, later] = [was ? linesOf(was) : [], is ? linesOf(is) : []];
      const added = later.filter((line) => !earlier.includes(line));
      const removed = earlier.filter((line) => !later.includes(line));
      if (added.length + removed.length === 0) return [];
      const { type } = (is ?? was)!;
      return [
        {
          kind: "elsewhere",
          direction: added.length > 0 ? "wider" : "narrower",
          subject: `${type} ${(is ?? was)!.writtenBy}`,
          what: was && is ? "rights changed" : is ? "+ new rights" : "- rights that are gone",
          labels: sortLabels(added.flatMap(labelsOf)),
          details: [
            ...removed.map((line) => mark(`- ${line}`)),
            ...added.map((line) => mark(`+ ${line}`)),
            placeOf((is ?? was)!),
          ],
        },
      ];
    },
  );
}

/** One line for each attribute, or for each block of an attribute with several blocks. */
function linesOf({ attributes }: Resource): string[] {
  return Object.entries(attributes)
    .filter(([name]) => !NO_RIGHTS.includes(name))
    .flatMap(([name, value]) =>
      [value]
        .flat()
        .map((item: unknown) => `${name} ${textOf(typeof item === "object" ? sorted(item) : item)}`),
    );
}

/** Value with its lists in alphabetical order, because their order has no meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !NO_RIGHTS.includes(name));
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item)]));
}

function labelsOf(line: string): Label[] {
  return [
    ...(ANYTHING.test(line) ? ["wildcard" as const] : []),
    ...(ADMINISTRATOR.test(line) ? ["root" as const] : []),
  ];
}
