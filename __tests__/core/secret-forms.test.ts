import { findSecrets } from "../../constructs/core/secret-forms";

const token = "hvs.CAESIJ0planted0planted0planted";
const value = {
  endpoint: `https://admin:planted@vault.example.com`,
  list: ["plain", token],
  database: { adminPassword: "planted", port: 5432 },
};

test("secrets are found by their form and by the name that they stand under", () => {
  expect(findSecrets(value)).toEqual(["endpoint", "list[1]", "database.adminPassword"]);
});
