import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { ROOT, pages } from "./support/pages";

const all = pages();

/** Link targets outside code. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, "").replaceAll(/`[^`\n]*`/g, "`code`");
  const inline = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target);
  const references = [...prose.matchAll(/^\[[^\]]+\]: (\S+)$/gm)].map(([, target]) => target);
  return [...inline, ...references];
}

/** Anchors that GitHub derives from headings. */
function anchorsOf(text: string): Set<string> {
  const prose = text.replaceAll(/^```.*?^```$/gms, "");
  const titles = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title);
  const anchors = titles.map((title) =>
    title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
  return new Set(anchors);
}

function problemOf(page: string, link: string): string | undefined {
  if (/^(https:|mailto:)/.test(link)) return undefined;
  if (/^[a-z]+:/.test(link)) return "is neither relative nor https";
  const [path, anchor] = link.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (target.startsWith("..")) return "leads out of the repository";
  if (!existsSync(join(ROOT, target))) return "leads nowhere";
  if (anchor && !anchorsOf(all.get(target) ?? "").has(anchor)) return "leads to a heading that is not there";
  return undefined;
}

test("finds the target file and heading of every link between pages", () => {
  const links = [...all].flatMap(([page, text]) => linksOf(text).map((link) => [page, link] as const));
  expect(links.length).toBeGreaterThan(100);
  const broken = links.flatMap(([page, link]) => {
    const problem = problemOf(page, link);
    return problem ? [`${page}: ${link} ${problem}`] : [];
  });
  expect(broken).toEqual([]);
});

test.each([
  ["docs/nowhere.md", "leads nowhere"],
  ["#no-such-heading", "leads to a heading that is not there"],
  ["../elsewhere.md", "leads out of the repository"],
  ["http://example.com", "is neither relative nor https"],
])("reports the broken link %s", (link, problem) => {
  expect(problemOf("README.md", link)).toBe(problem);
});

test("reaches every page of docs from the index", () => {
  const reached = new Set<string>();
  const visit = (page: string) => {
    if (reached.has(page)) return;
    reached.add(page);
    for (const link of linksOf(all.get(page) ?? "")) {
      const target = normalize(join(dirname(page), link.split("#")[0]));
      if (all.has(target)) visit(target);
    }
  };
  visit("docs/README.md");
  const docs = [...all.keys()].filter((page) => page.startsWith("docs/"));
  expect(docs.filter((page) => !reached.has(page))).toEqual([]);
});
