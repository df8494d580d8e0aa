import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { logicalIds } from "./logical-ids";

writeFileSync(join(__dirname, "../../etc/logical-ids.txt"), logicalIds());
