import { Github } from "./support/github";
import { Project } from "./support/project";

// Starts programs, which takes its time on a machine that is busy.
jest.setTimeout(60_000);

const STACKS = {
  "dev-config": ["dev-cluster"],
  "dev-cluster": ["dev-foundation"],
  "dev-foundation": [],
  "production-foundation": [],
};

let project: Project;
beforeEach(() => {
  project = new Project();
  project.program(STACKS);
  cdktf();
});
afterEach(() => project.remove());

/** A cdktf that writes down how it was called, and fails for one stack. */
const cdktf = (failing = "none") =>
  project.packageProgram("cdktf", `echo "$*" >>calls; echo "$AWS_ROLE_ARN" >role; [ "$2" != ${failing} ]`);

const OPTIONS = "--skip-synth --ignore-missing-stack-dependencies";

test("every stack of the environment is deployed, one after the other, each after those that it depends on", async () => {
  expect((await project.call(["deploy", "--env", "dev"])).code).toBe(0);
  expect(project.calls).toEqual(
    ["dev-foundation", "dev-cluster", "dev-config"].map((name) => `deploy ${name} ${OPTIONS}`),
  );
});

test("the first one that fails ends it, and what was not begun is told", async () => {
  cdktf("dev-cluster");
  const { code, output } = await project.call(["deploy", "--env", "dev"]);
  expect(code).toBe(1);
  expect(output).toContain("dev-cluster failed; not begun: dev-config.");
  expect(project.calls).toHaveLength(2);
});

test("nobody is asked only where that is said; further options are cdktf's", async () => {
  await project.call(["deploy", "dev-foundation", "--env", "dev", "--auto-approve", "--skip-provider-lock"]);
  expect(project.calls).toEqual([`deploy dev-foundation ${OPTIONS} --auto-approve --skip-provider-lock`]);
});

test("a change deploys the stacks whose output it alters", async () => {
  const base = project.commit();
  project.program(STACKS, { content: { "dev-cluster": { a: 1 }, "production-foundation": { a: 1 } } });
  await project.call(["deploy", "--env", "dev", "--base", base]);
  expect(project.calls).toEqual([`deploy dev-cluster ${OPTIONS}`]);
  expect(await project.call(["deploy", "--env", "staging", "--base", base])).toMatchObject({ code: 1 });
});

test("what was taken back is deployed too: the revision itself counts, and not where the tree left it", async () => {
  const start = project.commit();
  project.program(STACKS, { content: { "dev-cluster": { a: 1 } } });
  const deployed = project.commit();
  project.git("checkout", "-q", start);
  await project.call(["deploy", "--env", "dev", "--base", deployed]);
  expect(project.calls).toEqual([`deploy dev-cluster ${OPTIONS}`]);
});

test("a workflow deploys as the role deploy what has changed since the last deployment", async () => {
  const base = project.commit();
  project.program(STACKS, { content: { "dev-foundation": { a: 1 } } });
  project.write("bin/aws", "#!/bin/sh\n");
  const github = await Github.start();
  github.deployments = [{ sha: base, state: "success", environment: "dev" }];
  try {
    const args = ["deploy", "--env", "dev", "--base", "deployed", "--identity", "deploy", "--auto-approve"];
    expect((await project.call(args, github.env)).code).toBe(0);
    expect(project.calls).toEqual([`deploy dev-foundation ${OPTIONS} --auto-approve`]);
    expect(project.read("role")).toBe("arn:aws:iam::111111111111:role/dev-vault-deploy\n");
    github.deployments = [{ ...github.deployments[0], sha: project.commit() }];
    expect((await project.call(args, github.env)).stdout).toBe(
      "No stack's output has changed; nothing is deployed.\n",
    );
  } finally {
    await github.stop();
  }
});

test("a job that was overtaken does not take back what a newer commit has deployed", async () => {
  const overtaken = project.commit();
  project.program(STACKS, { content: { "dev-cluster": { a: 1 } } });
  const newer = project.commit();
  project.git("checkout", "-q", overtaken);
  const github = await Github.start();
  github.deployments = [{ sha: newer, state: "success", environment: "dev" }];
  try {
    const { code, output } = await project.call(["deploy", "--env", "dev", "--base", "deployed"], github.env);
    expect(code).toBe(1);
    expect(output).toBe(
      `dev has ${newer}, which is newer than what is checked out; to go back, merge a commit that reverts.\n`,
    );
    expect(project.calls).toEqual([]);
  } finally {
    await github.stop();
  }
});

test.each([
  [["deploy"], "deploy needs --env: it deploys one environment."],
  [["deploy", "--env", "local"], "--env must be an environment with shared state, got local"],
  [["deploy", "--env", "dev", "nothing"], "No stack matches nothing"],
])("%j is refused", async (args, message) => {
  const { code, output } = await project.call(args);
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(project.calls).toEqual([]);
});
