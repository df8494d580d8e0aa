import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platformDiagram, withDiagram } from "./platform-diagram";

const page = join(__dirname, "../../README.md");
writeFileSync(page, withDiagram(readFileSync(page, "utf8"), platformDiagram()));
