import { block } from "../readers/blocks";
import { isOn } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports audit devices that a plan can destroy or replace. */
export const auditPreventDestroy: Rule = {
  id: "audit-prevent-destroy",
  level: "error",
  title: "A plan cannot take an audit device away",
  item: "audit",
  fix: "Set lifecycle prevent_destroy: every change of a device replaces it, and the new one hashes with another key.",
  source: "https://registry.terraform.io/providers/hashicorp/vault/latest/docs/resources/audit",
  check: forResources(["vault_audit"], ({ body }) =>
    isOn(block(body.lifecycle), "prevent_destroy") ? [] : ["a plan may destroy or replace the audit device"],
  ),
};
