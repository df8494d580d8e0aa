import { madeElements } from "../readers/existence";
import { text } from "../readers/blocks";
import { valueAt, vaultReleasesIn } from "../readers/helm";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

/** Reports a licensed Vault without a Sentinel policy. */
export const organizationalRules: Rule = {
  id: "organizational-rules",
  level: "warning",
  title: "A licensed Vault enforces organizational rules by Sentinel",
  item: "sentinel",
  fix: "Add a SentinelEndpointPolicy or SentinelRolePolicy, or accept that these rules judge the code alone.",
  source: "https://developer.hashicorp.com/vault/docs/enterprise/sentinel",
  check: forPlatform((platform) => {
    const policies = madeElements(platform.resources("vault_egp_policy", "vault_rgp_policy"));
    if (policies.length > 0) return compliant(`${policies.length} Sentinel policies`);
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    const isLicensed = vaultReleasesIn(platform).some(({ values }) =>
      text(valueAt(values, "server.enterpriseLicense.secretName")),
    );
    return isLicensed
      ? nonCompliant("there is no Sentinel policy: what is changed around this program is not judged")
      : compliant("Community edition: these rules stop synthesis instead");
  }),
};
