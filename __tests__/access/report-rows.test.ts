import { GithubTeam } from "@cdktf/provider-vault/lib/github-team";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { accessDiff } from "../../access/diff";
import { renderReport } from "../../access/render-report";
import { reportRows } from "../../access/report-rows";
import { platform } from "./support/platform";

const team =
  (...capabilities: string[]) =>
  (stack: TerraformStack) => {
    new Policy(stack, "Policy", {
      name: "app",
      policy: `path "secret/*" { capabilities = ${JSON.stringify(capabilities)} }`,
    });
    new GithubTeam(stack, "Team", { team: "app", policies: ["app", "elsewhere"] });
    new GithubTeam(stack, "Root", { team: "root", policies: ["root"] });
  };

describe("rows of the report", () => {
  const [before, after] = [[platform(team("read"))], [platform(team("read", "delete"))]];
  const rows = reportRows(before, after, accessDiff(before, after));

  it("have each change, the most severe first, and each permission before and after", () => {
    expect(rows[0]).toMatchObject({ kind: "change: dangerous", environment: "production", path: "secret/*" });
    expect(rows).toContainEqual(
      expect.objectContaining({
        kind: "access",
        path: "secret/*",
        before: "read",
        after: "read, delete",
        labels: "wildcard, delete",
      }),
    );
  });

  it("have the policy root and unknown policies", () => {
    expect(rows).toContainEqual(
      expect.objectContaining({ path: "the policy root", before: "everything", labels: "root" }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ labels: "unreadable", after: "everything" }));
  });

  it("have permissions that an environment loses or gains as a whole", () => {
    const access = (rows: ReturnType<typeof reportRows>) => rows.find(({ path }) => path === "secret/*");

    expect(access(reportRows(before, [], []))).toMatchObject({ before: "read", after: "" });
    expect(access(reportRows([], after, []))).toMatchObject({ before: "", after: "read, delete" });
  });

  it("become a page with a policy that allows two scripts by their hashes", () => {
    const page = renderReport("Access", rows, ["a <note>"]);

    expect(page).toMatch(/content="default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; style-src/);
    expect(page).not.toMatch(/unsafe|https?:\/\/[^\s"']+\.js|<note>/);
  });
});
