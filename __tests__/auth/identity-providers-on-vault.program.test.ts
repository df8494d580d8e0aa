import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { dev } from "../../environments/dev";
import { loadEnvironments } from "../../platform/load";
import type { EnvironmentDefinition } from "../../platform/schema";
import { HumanAccess } from "../../stacks/config/human-access";
import { TerraformRun } from "../engines/support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { describeUnless, missingPrograms } from "../support/needs";
import { configure, logIn, REDIRECT_URI } from "../support/servers/oidc/login";
import { type Claims, OidcProvider } from "../support/servers/oidc/oidc-provider";
import { type ProviderRow, environmentOf, providerRows } from "./support/provider-rows";

jest.setTimeout(60_000);

const missing = missingPrograms("vault", "bash") ?? TerraformRun.missing();

/** Claims of a user in one group, in the form that the provider of the row sends. */
function claimsWith({ fields }: ProviderRow, group: string): Claims {
  const { groupsClaim, boundClaims = {} } = fields;
  const further = Object.fromEntries(Object.entries(boundClaims).map(([claim, [value]]) => [claim, value]));
  if (groupsClaim === "email") return { ...further, email: group };
  if (!groupsClaim!.startsWith("/")) return { ...further, [groupsClaim!]: [group] };
  const names = groupsClaim!.slice(1).split("/");
  return {
    ...further,
    ...(names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), [group]) as Claims),
  };
}

/** Claims of an Entra ID user in more than 200 groups. They refer to Microsoft Graph for the groups. */
function overage(issuer: string, user: string): Claims {
  const endpoint = `${issuer}/graph/${user}/getMemberObjects`;
  return { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } } };
}

describeUnless(missing)("OIDC login with each identity provider, on a real Vault", () => {
  let vault: DevVault;
  let terraform: TerraformRun;
  const providers: OidcProvider[] = [];
  const env = () => ({ VAULT_ADDR: vault.address, VAULT_TOKEN: vault.rootToken });
  const ask = (method: string, path: string, body?: object) => vault.call(method, path, body, "");

  beforeAll(async () => {
    [vault, terraform] = [await DevVault.start(), new TerraformRun()];
  });
  afterAll(async () => {
    await Promise.all([vault?.stop(), ...providers.map((provider) => provider.stop())]);
    terraform?.remove();
  });

  /** Applies the login of an environment with this provider instead of the real one. */
  async function deploy(definition: EnvironmentDefinition, provider: OidcProvider): Promise<void> {
    const oidc = { ...definition.vault.oidc!, caCertificate: provider.caCertificate };
    const [environment] = loadEnvironments([{ ...definition, vault: { ...definition.vault, oidc } }]);
    const stack = new TerraformStack(Testing.app(), "people");
    new VaultProvider(stack, "Vault", { skipChildToken: true });
    const keyValue = new KeyValueEngine(stack, "KeyValue");
    const { auth } = new HumanAccess(stack, "People", { environment, parts: [keyValue], keyValue });
    await terraform.use(stack);
    await terraform.apply(env());
    const command = auth.configurationCommand.replace(oidc.issuer, provider.issuer);
    await configure(command, { ...process.env, ...env() });
    expect(await terraform.plan(env())).toEqual([]);
  }

  test("grants a level to members of each of its groups, and keeps the first group's entity", async () => {
    const accounts = {
      alice: { groups: ["one"] },
      bob: { groups: ["x", "two"] },
      carol: { groups: ["three"] },
    };
    const provider = await OidcProvider.start({
      clients: { vault: [REDIRECT_URI] },
      accounts: () => accounts,
    });
    providers.push(provider);
    const withOperators = (operator: string | string[]): EnvironmentDefinition => {
      const groups = { operator, auditor: "auditors", admin: "admins" };
      const oidc = { issuer: "https://id.example.com", clientId: "vault", scopes: ["profile"], groups };
      return { ...dev, vault: { ...dev.vault, oidc } };
    };
    const policies = async (user: string) =>
      (await logIn(ask, provider, user)).body.auth?.identity_policies ?? "refused";

    await deploy(withOperators("one"), provider);
    const { id } = await vault.read("identity/group/name/operator");
    expect([await policies("alice"), await policies("bob")]).toEqual([["operator"], "refused"]);
    await deploy(withOperators(["one", "two"]), provider);
    expect(await vault.read("identity/group/name/operator")).toMatchObject({ id });
    expect([await policies("alice"), await policies("bob")]).toEqual([["operator"], ["operator"]]);
    expect(await policies("carol")).toBe("refused");
    await deploy(withOperators(["one"]), provider);
    expect([await policies("alice"), await policies("bob")]).toEqual([["operator"], "refused"]);
  });

  // Run in sequence on one Vault: a change of the provider is applied in place.
  test.each(providerRows())(
    "$provider: applies the documented fields, and admits only members of the group",
    async (row) => {
      const group = loadEnvironments([environmentOf(row)])[0].vault.oidc!.groups.operator as string;
      const others = { ...row, fields: { ...row.fields, boundClaims: { hd: ["example.org"] } } };
      const provider = await OidcProvider.start({
        clients: { vault: [REDIRECT_URI] },
        scopes: ["openid", ...row.fields.scopes!],
        accounts: (issuer) => ({
          member: row.fields.providerConfig ? overage(issuer, "member") : claimsWith(row, group),
          stranger: row.fields.providerConfig ? overage(issuer, "stranger") : claimsWith(row, "others"),
          nobody: {},
          outsider: claimsWith(others, group),
        }),
        groupsOf: { member: ["ffffffff-0000-4000-8000-000000000000", group], stranger: [] },
      });
      providers.push(provider);

      await deploy(environmentOf(row), provider);
      expect((await logIn(ask, provider, "member")).body.auth).toMatchObject({
        identity_policies: ["operator"],
        token_policies: ["default"],
      });
      const refusal = async (user: string) => {
        const { status, body } = await logIn(ask, provider, user);
        expect(status).toBe(400);
        return body.errors.join();
      };
      expect(await refusal("stranger")).toMatch(/does not match any associated bound claim values/);
      expect(await refusal("nobody")).toMatch(/claim .*(not found|sources|missing)/);
      if (row.fields.boundClaims) expect(await refusal("outsider")).toMatch(/"hd" does not match/);
    },
  );
});
