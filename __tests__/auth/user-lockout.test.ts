import { UserLockout, type UserLockoutProps } from "../../constructs/auth/user-lockout";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault } from "../support/vault-stack";

const withProps = (change: Partial<UserLockoutProps> = {}) =>
  synthesizeVault(
    (stack) =>
      new UserLockout(stack, "Lockout", {
        auth: { pathReference: "userpass" },
        method: "userpass",
        ...change,
      }),
  ).resource("vault_generic_endpoint");

test("locks a user for 15 minutes after five failures by default", () => {
  const endpoint = withProps();
  expect(endpoint).toMatchObject({
    path: "sys/mounts/auth/userpass/tune",
    disable_read: true,
    disable_delete: true,
  });
  expect(JSON.parse(endpoint.data_json)).toEqual({
    user_lockout_config: {
      lockout_threshold: "5",
      lockout_duration: "15m",
      lockout_counter_reset_duration: "15m",
      lockout_disable: false,
    },
  });
});

test("sets threshold, duration and counter reset", () => {
  const { data_json } = withProps({
    threshold: 3,
    duration: Duration.hours(1),
    counterReset: Duration.minutes(5),
  });
  expect(JSON.parse(data_json).user_lockout_config).toMatchObject({
    lockout_threshold: "3",
    lockout_duration: "1h",
    lockout_counter_reset_duration: "5m",
  });
});

test.each<[string, Partial<UserLockoutProps>, string]>([
  ["a threshold of zero", { threshold: 0 }, "threshold must be a whole number from 1, got 0 [test/Lockout]"],
  ["no duration", { duration: Duration.seconds(0) }, "duration must be above zero, got 0h [test/Lockout]"],
  [
    "no reset",
    { counterReset: Duration.seconds(0) },
    "counterReset must be above zero, got 0h [test/Lockout]",
  ],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
});
