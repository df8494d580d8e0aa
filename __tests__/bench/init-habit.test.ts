import { throughBarrel } from "../../bench/init-habit";

test("an import of a submodule goes through the provider's barrel, by a name that other providers do not take", () => {
  expect(throughBarrel('import { HelmProvider } from "@cdktf/provider-helm/lib/provider";')).toBe(
    'import { provider as providerOf_cdktf_provider_helm } from "@cdktf/provider-helm";\n' +
      "import HelmProvider = providerOf_cdktf_provider_helm.HelmProvider;",
  );
});

test("types and other names keep what they are called here", () => {
  const source =
    'import { type PolicyConfig, Policy as VaultPolicy } from "@cdktf/provider-vault/lib/policy";';
  expect(throughBarrel(source)).toContain("import VaultPolicy = policyOf_cdktf_provider_vault.Policy;");
  expect(throughBarrel(source)).toContain(
    "import PolicyConfig = policyOf_cdktf_provider_vault.PolicyConfig;",
  );
});
