import { readFileSync } from "node:fs";
import { join } from "node:path";
import { platformDiagram, withDiagram } from "../../scripts/diagram/platform-diagram";

const page = readFileSync(join(__dirname, "../../README.md"), "utf8");

test("the README's diagram is what the code makes; npm run diagram draws it anew", () => {
  expect(withDiagram(page, platformDiagram())).toBe(page);
});

test("the diagram has every layer of an environment, in the order of a deploy", () => {
  const diagram = platformDiagram();
  expect(diagram).toContain("KmsAutoUnseal");
  const order = ["foundation", "cluster", "config", "workloads"].map((it) => `production_${it}_stack`);
  for (const [index, layer] of order.slice(1).entries())
    expect(diagram).toContain(`${order[index]} --> ${layer}`);
});
