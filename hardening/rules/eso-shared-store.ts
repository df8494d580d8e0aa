import { block, blocks } from "../readers/blocks";
import type { CustomResource } from "../readers/custom-resources";
import { text, texts } from "../readers/blocks";
import type { Rule } from "../rule";
import { forCustomResources } from "../subjects";

/** Reports ClusterSecretStores that serve more than one namespace. */
export const esoSharedStore: Rule = {
  id: "eso-shared-store",
  level: "error",
  title: "A ClusterSecretStore serves one namespace",
  item: "kubernetes-secrets",
  fix: "Give each team a ClusterSecretStore with an identity of its own, which names the one namespace.",
  source: "https://external-secrets.io/latest/guides/multi-tenancy/",
  check: forCustomResources(["ClusterSecretStore"], problems),
};

function problems({ spec }: CustomResource): string[] {
  if (block(spec.provider).vault === undefined) return [];
  const conditions = blocks(spec.conditions);
  if (conditions.length === 0) return ["every namespace reads all that the store's identity may"];
  const byLabel = conditions.some(({ namespaceSelector, namespaceRegexes }) =>
    Boolean(namespaceSelector ?? text(texts(namespaceRegexes)[0])),
  );
  const names = [...new Set(conditions.flatMap(({ namespaces }) => texts(namespaces)))];
  return [
    ...(byLabel ? ["every namespace that matches its conditions reads all that its identity may"] : []),
    ...(names.length > 1 ? [`${names.join(" and ")} read all that its identity may`] : []),
  ];
}
