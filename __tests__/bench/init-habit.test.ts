import { throughBarrel } from "../../bench/init-habit";

test("imports a submodule through the provider's barrel, under a name with the provider", () => {
  expect(throughBarrel('import { HelmProvider } from "@cdktf/provider-helm/lib/provider";')).toBe(
    'import { provider as providerOf_cdktf_provider_helm } from "@cdktf/provider-helm";\n' +
      "import HelmProvider = providerOf_cdktf_provider_helm.HelmProvider;",
  );
});

test("keeps the local names of types and renamed imports", () => {
  const source =
    'import { type PolicyConfig, Policy as VaultPolicy } from "@cdktf/provider-vault/lib/policy";';
  expect(throughBarrel(source)).toContain("import VaultPolicy = policyOf_cdktf_provider_vault.Policy;");
  expect(throughBarrel(source)).toContain(
    "import PolicyConfig = policyOf_cdktf_provider_vault.PolicyConfig;",
  );
});
