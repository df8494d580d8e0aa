import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { RateLimitQuota, type RateLimitQuotaProps } from "../../constructs/auth/rate-limit-quota";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const withProps = (change: Partial<RateLimitQuotaProps> = {}) =>
  synthesizeVault(
    (stack) => new RateLimitQuota(stack, "Quota", { quotaName: "all", rate: 500, ...change }),
  ).resource("vault_quota_rate_limit");

test("applies the rate per second to all paths by default", () => {
  const quota = withProps();
  expect(quota).toMatchObject({ name: "all", path: "", rate: 500, interval: 1 });
  expect(quota).not.toHaveProperty("block_interval");
});

test("sets interval, block interval and a path that references a mount", () => {
  const output = synthesizeVault((stack) => {
    const auth = new KubernetesAuth(stack, "Auth");
    new RateLimitQuota(stack, "Quota", {
      quotaName: "logins",
      rate: 0.5,
      interval: Duration.minutes(1),
      blockInterval: Duration.minutes(5),
      path: `auth/${auth.pathReference}/login`,
    });
  });
  expect(output.resource("vault_quota_rate_limit")).toMatchObject({
    rate: 0.5,
    interval: 60,
    block_interval: 300,
    path: expect.stringMatching(/^auth\/\$\{vault_auth_backend\..*\.path\}\/login$/),
  });
});

test.each<[string, Partial<RateLimitQuotaProps>, string]>([
  ["a rate of zero", { rate: 0 }, "rate must be above zero, got 0 [test/Quota]"],
  [
    "no interval",
    { interval: Duration.seconds(0) },
    "interval must be a second at least, got 0h [test/Quota]",
  ],
  ["a wrong name", { quotaName: "All" }, "quotaName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
});

test("rejects a second quota of the same name, and names both constructs", () => {
  const stack = vaultStack();
  new RateLimitQuota(stack, "One", { quotaName: "all", rate: 1 });
  expect(() => new RateLimitQuota(stack, "Two", { quotaName: "all", rate: 1 })).toThrow(
    "quota all is taken: test/One has it already [test/Two]",
  );
});
