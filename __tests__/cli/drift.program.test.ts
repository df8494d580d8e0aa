import { Github } from "../support/servers/github";
import { Project, actions } from "./support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

const STACKS = { "dev-config": ["dev-foundation"], "dev-foundation": [], "production-foundation": [] };

let project: Project;
beforeEach(() => {
  project = new Project();
  project.program(STACKS);
  project.terraform();
});
afterEach(() => project.remove());

test("plans every stack of the environment without a lock and exits with 2 on drift", async () => {
  expect((await project.call(["drift", "--env", "dev"])).code).toBe(0);
  expect(project.planned).toEqual(["dev-foundation", "dev-config"]);
  expect(project.calls.filter((line) => / plan /.test(line) && !line.includes("-lock=false"))).toEqual([]);
  project.terraform({ "dev-config": actions(["update"]) });
  const { code, output } = await project.call(["drift", "--env", "dev"]);
  expect(code).toBe(2);
  expect(output).toMatch(/^dev-config +0 +1 +0 +changes /m);
});

test("plans the deployed revision without later merges", async () => {
  const deployed = project.commit();
  project.program({ ...STACKS, "dev-workloads": ["dev-config"] });
  project.commit();
  const github = await Github.start();
  github.deployments = [{ sha: deployed, state: "success", environment: "dev" }];
  try {
    expect((await project.call(["drift", "--env", "dev", "--revision", "deployed"], github.env)).code).toBe(
      0,
    );
    expect(project.planned).toEqual(["dev-foundation", "dev-config"]);
    github.deployments = [];
    expect(await project.call(["drift", "--env", "dev", "--revision", "deployed"], github.env)).toMatchObject(
      {
        code: 0,
        stdout: "Nothing was deployed to dev yet.\n",
      },
    );
  } finally {
    await github.stop();
  }
});

test.each([
  [["drift"], "drift requires --env."],
  [["drift", "--env", "local"], '--env must be an environment with shared state, got "local"'],
  [["drift", "dev"], "drift takes no arguments, got 1."],
  [["drift", "--env", "dev", "--revision", "nowhere"], "a revision must be a commit, branch or tag"],
])("rejects %j", async (args, message) => {
  project.commit();
  const { code, output } = await project.call(args);
  expect(code).toBe(1);
  expect(output).toContain(message);
});
