import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as api from "../../constructs";
import { importedResources, renderImportTable } from "../../scripts/contract/import-ids";
import { testWithPrograms } from "../support/needs";

// cdktf determines the version of Terraform if a stack contains imports.
const testWithTerraform = testWithPrograms("terraform");

testWithTerraform("lists each importable construct with resources and import IDs in docs/adopting.md", () => {
  const page = readFileSync(join(__dirname, "../../docs/adopting.md"), "utf8");

  expect(page).toContain(`\n\n${renderImportTable()}\n\n`);
});

testWithTerraform("lists only constructs of the public API", () => {
  const names = new Set(importedResources().map(({ construct }) => construct));

  expect([...names].filter((name) => !(name in api))).toEqual([]);
});
