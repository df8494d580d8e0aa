import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logicalIds } from "../../scripts/contract/logical-ids";

test("keeps the logical IDs of every public construct in etc/logical-ids.txt", () => {
  // `npm run api:update` writes the file. A changed line destroys a resource of every user and requires a major
  // version.
  const promised = readFileSync(join(__dirname, "../../etc/logical-ids.txt"), "utf8");
  expect(logicalIds()).toBe(promised);
});
