import { findSecrets, hideSecretForms, withoutSecrets } from "../../constructs/core/secret-forms";

const token = "hvs.CAESIJ0planted0planted0planted";
const value = {
  endpoint: `https://admin:planted@vault.example.com`,
  list: ["plain", token],
  database: { adminPassword: "planted", port: 5432 },
};

test("secrets are found by their form and by the name that they stand under", () => {
  expect(findSecrets(value)).toEqual(["endpoint", "list[1]", "database.adminPassword"]);
});

test("a value is shown without the secrets in it", () => {
  expect(withoutSecrets(value)).toEqual({
    endpoint: "(not shown)",
    list: ["plain", "(not shown)"],
    database: { adminPassword: "(not shown)", port: 5432 },
  });
  expect(withoutSecrets("planted", "database.adminPassword")).toBe("(not shown)");
});

test("a text is shown without what only secrets look like", () => {
  expect(hideSecretForms(`${token}.name: one of a, ${token}`)).toBe(
    "(not shown).name: one of a, (not shown)",
  );
});
