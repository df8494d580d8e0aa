import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logicalIds } from "../../scripts/contract/logical-ids";

test("every construct of the public API names its resources as etc/logical-ids.txt promises", () => {
  // `npm run api:update` writes the file. A changed line destroys a resource of every user and requires a major
  // version.
  const promised = readFileSync(join(__dirname, "../../etc/logical-ids.txt"), "utf8");
  expect(logicalIds()).toBe(promised);
});
