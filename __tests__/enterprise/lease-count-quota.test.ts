import { LeaseCountQuota, type LeaseCountQuotaProps } from "../../constructs/enterprise/lease-count-quota";
import { synthesizeVault } from "../support/vault-stack";

const props = {
  licence: { secretName: "vault-licence", key: "licence" },
  quotaName: "leases",
  maxLeases: 1000,
};
const withProps = (change: Partial<LeaseCountQuotaProps> = {}) =>
  synthesizeVault((stack) => new LeaseCountQuota(stack, "Quota", { ...props, ...change })).resource(
    "vault_quota_lease_count",
  );

test("applies to all of Vault by default and accepts a path", () => {
  expect(withProps()).toMatchObject({ name: "leases", max_leases: 1000, path: "" });
  expect(withProps({ path: "database/" }).path).toBe("database/");
  expect(withProps({ maxLeases: 1 }).max_leases).toBe(1);
});

test.each<[string, Partial<LeaseCountQuotaProps>, string]>([
  ["no licence", { licence: undefined }, "a lease-count quota needs Vault Enterprise"],
  ["no lease", { maxLeases: 0 }, "maxLeases must be a whole number from 1, got 0 [test/Quota]"],
  ["a wrong name", { quotaName: "Leases" }, "quotaName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
});
