import { findSecrets } from "../../constructs/core/secret-forms";

const token = "hvs.CAESIJ0planted0planted0planted";
const value = {
  endpoint: `https://admin:planted@vault.example.com`,
  list: ["plain", token],
  database: { adminPassword: "planted", port: 5432 },
};

test("finds secrets by their form and by the name of their field", () => {
  expect(findSecrets(value)).toEqual(["endpoint", "list[1]", "database.adminPassword"]);
});
