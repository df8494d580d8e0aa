import { readFileSync } from "node:fs";
import { environmentFile } from "./deploy";

// Must run before other modules read the variables.
Object.assign(process.env, JSON.parse(readFileSync(environmentFile, "utf8")));
