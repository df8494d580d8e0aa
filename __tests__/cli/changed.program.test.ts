import { Github } from "../support/servers/github";
import { Project } from "./support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

const STACKS = {
  "dev-config": ["dev-cluster"],
  "dev-cluster": ["dev-foundation"],
  "dev-foundation": [],
  "production-foundation": [],
};

let project: Project;
let base: string;
beforeEach(() => {
  project = new Project();
  project.program(STACKS);
  project.terraform();
  base = project.commit();
});
afterEach(() => project.remove());

test("prints stacks with changed output in deploy order and exits with 2", async () => {
  project.program(STACKS, { content: { "dev-config": { a: 1 }, "dev-foundation": { a: 1 } } });
  expect(await project.call(["changed", "--base", base])).toMatchObject({
    code: 2,
    stdout: "dev-foundation\ndev-config\n",
  });
  expect((await project.call(["changed", "--base", base, "*-config"])).stdout).toBe("dev-config\n");
  expect(await project.call(["changed", "--base", base, "--env", "production"])).toMatchObject({
    code: 0,
    output: "",
  });
});

test("ignores comments in the output", async () => {
  project.program(STACKS, { content: { comment: "another" } });
  expect(await project.call(["changed", "--base", base])).toEqual({ code: 0, stdout: "", output: "" });
});

test("ignores commits made on the base revision after the working tree branched off", async () => {
  project.program(STACKS, { content: { "dev-config": { a: 1 } } });
  const meanwhile = project.commit();
  project.git("checkout", "-q", "-b", "change", base);
  project.program(STACKS, { content: { "dev-cluster": { a: 1 } } });
  project.commit();
  expect((await project.call(["changed", "--base", meanwhile])).stdout).toBe("dev-cluster\n");
});

test("counts a new stack as changed and prints a note about a removed one", async () => {
  project.program({ ...STACKS, "dev-config": [], "dev-workloads": [], "production-foundation": [] });
  expect((await project.call(["changed", "--base", base])).stdout).toBe("dev-workloads\n");
  project.program({ "dev-foundation": [] });
  const { code, output } = await project.call(["changed", "--base", base]);
  expect(code).toBe(0);
  expect(output).toContain(
    "note: the program has no dev-cluster any more; what it made stays until it is destroyed",
  );
});

test("counts every stack as changed when package-lock.json differs", async () => {
  project.write("package-lock.json", "{}");
  const { code, stdout, output } = await project.call(["changed", "--base", base, "--env", "dev"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "dev-foundation\ndev-cluster\ndev-config\n" });
  expect(output).toContain("so every stack counts as changed");
});

test.each([
  [["changed"], "changed requires --base."],
  [
    ["changed", "--base", "nowhere"],
    'a revision must be a commit, branch or tag that is fetched, got "nowhere".',
  ],
  [["changed", "--base", "deployed"], "deployed requires --env."],
  [["changed", "--base", "deployed", "--env", "dev"], "GITHUB_REPOSITORY (such as example/vault-platform)"],
])("rejects %j", async (args, message) => {
  const { code, output } = await project.call(args, { GITHUB_REPOSITORY: "", GITHUB_TOKEN: "" });
  expect(code).toBe(1);
  expect(output).toContain(message);
});

test("plans only changed stacks in diff --base, and none if nothing has changed", async () => {
  project.program(STACKS, { content: { "dev-config": { a: 1 }, "dev-foundation": { a: 1 } } });
  expect((await project.call(["diff", "--base", base])).code).toBe(0);
  expect(project.planned).toEqual(["dev-foundation", "dev-config"]);
  const { code, output } = await project.call(["diff", "--base", base, "--env", "production"]);
  expect({ code, output }).toEqual({ code: 0, output: "No stack's output has changed.\n" });
});

describe("--base deployed", () => {
  let github: Github;
  beforeEach(async () => (github = await Github.start()));
  afterEach(() => github.stop());
  const changed = () => project.call(["changed", "--env", "dev", "--base", "deployed"], github.env);

  test("uses the newest successful deployment of the environment", async () => {
    project.program(STACKS, { content: { "dev-config": { a: 1 } } });
    const failed = project.commit();
    const of = (sha: string, state: string, environment = "dev") => ({ sha, state, environment });
    github.deployments = [
      of(failed, "in_progress"),
      of(failed, "success", "production"),
      of(failed, "failure"),
      of(base, "success"),
      of(failed, "inactive"),
    ];
    expect((await changed()).stdout).toBe("dev-config\n");
    github.deployments = [of(failed, "success"), of(base, "inactive")];
    expect((await changed()).stdout).toBe("");
  });

  test("finds a successful deployment beyond GitHub's first page of results", async () => {
    github.deployments = [
      ...Array.from({ length: 100 }, () => ({ sha: "none", state: "failure", environment: "dev" })),
      { sha: base, state: "success", environment: "dev" },
    ];
    expect(await changed()).toMatchObject({ code: 0, output: "" });
  });

  test("counts every stack as changed without a successful deployment", async () => {
    const { code, stdout, output } = await changed();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "dev-foundation\ndev-cluster\ndev-config\n" });
    expect(output).toContain("note: nothing was deployed to dev yet, so every stack counts as changed");
  });

  test("prints GitHub's refusal without the token", async () => {
    const { code, output } = await project.call(["changed", "--env", "dev", "--base", "deployed"], {
      ...github.env,
      GITHUB_TOKEN: "hidden",
    });
    expect(code).toBe(1);
    expect(output).toBe("GitHub refused GET /deployments: 403.\n");
  });
});
