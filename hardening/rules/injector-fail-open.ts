import { isOff, textOf } from "../readers/values";
import { blockAt } from "../readers/helm";
import type { Rule } from "../rule";
import { forVaultReleases } from "../subjects";

/** Reports an injector that lets pods start without their secrets when it fails. */
export const injectorFailOpen: Rule = {
  id: "injector-fail-open",
  level: "warning",
  title: "Pods that ask for secrets do not start without them",
  item: "server",
  fix: "Set injector.webhook.failurePolicy to Fail, with a namespaceSelector (the chart's default is Ignore).",
  source: "https://developer.hashicorp.com/vault/docs/deploy/kubernetes/helm/configuration",
  check: forVaultReleases(({ values, isPartlyUnknown }) => {
    const injector = blockAt(values, "injector");
    if (isPartlyUnknown || (injector.enabled !== "-" && isOff(injector, "enabled"))) return [];
    const policy = textOf(blockAt(values, "injector.webhook"), "failurePolicy") ?? "Ignore";
    return policy === "Fail" ? [] : [`the webhook's failurePolicy is ${policy}`];
  }),
};
