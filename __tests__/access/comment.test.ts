import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Change, LABELS } from "../../access/changes";
import { anchorOf } from "../../access/label-meanings";
import { mark } from "../../access/markdown";
import { renderDiff } from "../../access/render-diff";

const change = (props: Partial<Change> = {}): Change => ({
  kind: "capability",
  direction: "wider",
  subject: "auth/kubernetes role app",
  what: `${mark("secret/data/app/*")}: + read`,
  labels: [],
  details: ["production-config/App/Policy"],
  ...props,
});

const comment = (
  changes: Readonly<Record<string, readonly Change[]>>,
  format: "markdown" | "table" = "markdown",
) =>
  renderDiff(
    Object.entries(changes).map(([environment, list]) => ({ environment, changes: list, notes: [] })),
    format,
  );

/** Part of a comment outside the collapsed section. */
const opening = (text: string) => text.slice(0, text.indexOf("<details>"));

describe("the comment on a pull request", () => {
  it("shows every dangerous row, the most severe first", () => {
    const deletes = Array.from({ length: 450 }, (_, index) =>
      change({ what: `${mark(`secret/data/app/item-${index}/*`)}: + delete`, labels: ["delete"] }),
    );
    const everything = change({ what: `${mark("*")}: + sudo`, labels: ["wildcard", "sudo"] });
    const text = opening(comment({ production: [...deletes, everything] }));

    expect(text.length).toBeLessThan(60_000);
    for (const index of [0, 20, 449]) expect(text).toContain(`secret/data/app/item-${index}/*`);
    expect(text.indexOf("`*`: + sudo")).toBeGreaterThan(0);
    expect(text.indexOf("`*`: + sudo")).toBeLessThan(text.indexOf("item-0/"));
  });

  it("names every subject of a dangerous row", () => {
    const roles = ["one", "two", "three", "four", "five"];
    const changes = roles.map((name) => change({ subject: `role ${name}`, labels: ["delete"] }));
    const text = opening(comment({ production: changes }));

    for (const name of roles) expect(text).toContain(`\`role ${name}\``);
    expect(comment({ production: changes }, "table")).toContain("role five");
  });

  it("counts harmless rows that it does not show", () => {
    const changes = Array.from({ length: 25 }, (_, index) => change({ what: `${mark("a")}: + ${index}` }));
    const dangerous = change({ what: "+ it", labels: ["root"] });

    expect(opening(comment({ production: [...changes, dangerous] }))).toContain(
      "and 5 more rows in the JSON and the HTML report",
    );
  });

  it("shows grants of an ordinary service beside dangerous rows", () => {
    const text = opening(comment({ production: [change({ what: "+ it", labels: ["root"] }), change()] }));

    expect(text).toContain("secret/data/app/*");
  });

  it("is not longer than GitHub accepts, and counts the dangerous rows that it leaves out", () => {
    const changes = Array.from({ length: 9000 }, (_, index) =>
      change({
        subject: `role ${index}`,
        what: `${mark(`secret/data/${index}`)}: + delete`,
        labels: ["delete"],
      }),
    );
    const text = comment({ production: [...changes, change({ what: "+ all", labels: ["root"] })] });

    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/and \*\*[\d,]+ more dangerous rows\*\* in the JSON and the HTML report/);
    expect(opening(text)).toContain("+ all");
  });

  it("shows the value of each environment, production first", () => {
    const shared = (path: string) => [change({ what: `${mark(path)}: + read`, labels: ["wildcard"] })];
    const text = opening(
      comment({
        dev: shared("secret/data/dev-shared/*"),
        production: shared("secret/data/production-shared/*"),
      }),
    );

    expect(text).toContain(
      "| production, dev | `auth/kubernetes role app` | production: `secret/data/production-shared/*`: + read<br>dev: `secret/data/dev-shared/*`: + read |",
    );
  });

  it("has one row for a namespace that is called like the environment", () => {
    const peer = (name: string) => [
      change({ subject: `network policy ${name}/app`, kind: "network", what: "+ it" }),
    ];
    const rows = opening(comment({ dev: peer("dev"), production: peer("production") }))
      .split("\n")
      .filter((line) => line.includes("+ it"));

    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain("production: `network policy production/app`<br>dev: `network policy dev/app`");
  });

  it("shows a row of production before equally severe rows of others", () => {
    const text = opening(comment({ dev: [change({ what: "+ a" })], production: [change({ what: "+ b" })] }));

    expect(text.indexOf("+ b")).toBeLessThan(text.indexOf("+ a"));
  });

  it("keeps apart what is dangerous in one environment only", () => {
    const text = opening(comment({ dev: [change()], production: [change({ labels: ["delete"] })] }));

    expect(text).toMatch(/\| \*\*delete\*\* \| production \|/);
    expect(text).toMatch(/\| - \| dev \|/);
  });

  it("says that access is unchanged if only operation changes", () => {
    const text = comment({
      production: [change({ kind: "operation", direction: "same", what: "replicas 3 -> 5" })],
    });

    expect(text).toContain("no change of access, but of operation");
    expect(opening(text)).toContain("replicas 3 -");
  });

  it("escapes characters that hide or reverse text", () => {
    const text = comment({
      production: [change({ subject: "role \u202eppa", what: `${mark("a\u200bb")}: + read` })],
    });

    expect(text).toContain("\\u202eppa");
    expect(text).toContain("a\\u200bb");
    expect(text).not.toMatch(/[\u202e\u200b]/);
  });

  it.each(LABELS)("links the label %s to its explanation", (label) => {
    const page = readFileSync(join(__dirname, "../../docs/access.md"), "utf8");

    expect(comment({ production: [change({ labels: [label] })] })).toContain(
      `docs/access.md#${anchorOf(label)})`,
    );
    expect(page).toContain(`#### Label ${label}\n`);
    expect(anchorOf(label)).toBe(`label-${label}`.replaceAll(" ", "-"));
  });
});
