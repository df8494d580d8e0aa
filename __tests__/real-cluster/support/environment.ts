import { readFileSync } from "node:fs";
import { environmentFile } from "./deploy";

// Before anything else reads them.
Object.assign(process.env, JSON.parse(readFileSync(environmentFile, "utf8")));
