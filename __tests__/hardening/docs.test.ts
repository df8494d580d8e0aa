import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ITEMS } from "../../hardening/items";
import { rules } from "../../hardening/rules";

const page = readFileSync(join(__dirname, "../../docs/hardening.md"), "utf8");

test("lists every rule by item in docs/hardening.md", () => {
  const sections = ITEMS.map(({ id, title }) => {
    const rows = rules
      .filter(({ item }) => item === id)
      .map((rule) => `| [\`${rule.id}\`](${rule.source}) | ${rule.level} | ${rule.title} |`);
    return [`### ${title}`, "", "| Rule | Level | What holds |", "|---|---|---|", ...rows].join("\n");
  });
  expect(page.slice(page.indexOf("### "))).toBe(`${sections.join("\n\n")}\n`);
});
