import { readFileSync } from "node:fs";
import { join } from "node:path";
import { platformDiagram, withDiagram } from "../../scripts/diagram/platform-diagram";

const page = readFileSync(join(__dirname, "../../README.md"), "utf8");

test("keeps the README's diagram equal to the output of npm run diagram", () => {
  expect(withDiagram(page, platformDiagram())).toBe(page);
});

test("shows the layers of an environment in deploy order", () => {
  const diagram = platformDiagram();
  expect(diagram).toContain("KmsAutoUnseal");
  const order = ["foundation", "cluster", "config", "workloads"].map((it) => `production_${it}_stack`);
  for (const [index, layer] of order.slice(1).entries())
    expect(diagram).toContain(`${order[index]} --> ${layer}`);
});
