import { parseClusterAddress } from "../../constructs/core/cluster-address";

test.each(["https://vault.example.com:8201", "https://[2001:db8::10]:8201", "https://10.0.0.1:8201"])(
  "reads %s",
  (text) => {
    expect(parseClusterAddress(text).port).toBe(8201);
  },
);

test.each([
  "https://vault.example.com",
  "https://vault.example.com:8200",
  "https://vault.example.com:8201/",
  "vault:8201",
])("rejects %s", (text) => {
  expect(() => parseClusterAddress(text)).toThrow(
    "must be https on the cluster port, such as https://vault.example.com:8201",
  );
});
