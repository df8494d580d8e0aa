import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as api from "../../constructs";
import { importedResources, renderImportTable } from "../../scripts/contract/import-ids";

test("docs/adopting.md lists each construct that can import, with its resources and their import ids", () => {
  const page = readFileSync(join(__dirname, "../../docs/adopting.md"), "utf8");

  expect(page).toContain(`\n\n${renderImportTable()}\n\n`);
});

test("the table names constructs of the public API", () => {
  const names = new Set(importedResources().map(({ construct }) => construct));

  expect([...names].filter((name) => !(name in api))).toEqual([]);
});
