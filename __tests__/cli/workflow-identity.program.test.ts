import { existsSync } from "node:fs";
import { Github } from "../support/servers/github";
import { Project } from "./support/project";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

let project: Project;
let github: Github;
beforeEach(async () => {
  project = new Project();
  project.program({ "production-config": ["production-foundation"], "production-foundation": [] });
  project.terraform();
  // Records its input: the tokens are deleted afterwards.
  project.write(
    "bin/aws",
    `#!/bin/sh\necho "$* as $AWS_ROLE_ARN" >>"${project.folder}/aws-calls"\nstat -c %a "$AWS_WEB_IDENTITY_TOKEN_FILE" >"${project.folder}/mode"\ncat "$AWS_WEB_IDENTITY_TOKEN_FILE" >"${project.folder}/aws-token"`,
  );
  github = await Github.start();
});
afterEach(async () => {
  project.remove();
  await github.stop();
});
const diff = (...args: string[]) => project.call(["diff", "--env", "production", ...args], github.env);

test("uses the environment's role in AWS, Kubernetes and Vault with GitHub's tokens", async () => {
  expect((await diff("--identity", "plan")).code).toBe(0);
  const { env } = project;
  expect(env).toMatchObject({
    AWS_REGION: "us-east-1",
    AWS_ROLE_ARN: "arn:aws:iam::333333333333:role/production-vault-plan",
    AWS_ROLE_SESSION_NAME: "github-42",
    TF_VAR_cluster_login: "false",
    TF_VAR_vault_login: '{"mount":"github","role":"plan"}',
    TF_VAR_vault_jwt: "token for vault",
  });
  expect(project.read("aws-token")).toBe("token for sts.amazonaws.com");
  expect(project.read("aws-calls").split("\n")[0]).toBe(
    `eks update-kubeconfig --name production --region us-east-1 --kubeconfig ${env.KUBE_CONFIG_PATH} as ${env.AWS_ROLE_ARN}`,
  );
  expect(env.VAULT_CACERT).toMatch(/vault-ca\.crt$/);
});

test("uses the team's role for a team identity and does not call the cluster", async () => {
  project.write(
    "environments/index.ts",
    `import { production } from "./production";
export const definitions = [
  { ...production, shards: "team", pipeline: { ...production.pipeline, teamIdentities: true } },
];`,
  );
  expect((await diff("--identity", "deploy-payments")).code).toBe(0);
  expect(project.env).toMatchObject({
    AWS_ROLE_ARN: "arn:aws:iam::333333333333:role/production-vault-deploy-payments",
    TF_VAR_vault_login: '{"mount":"github","role":"deploy-payments"}',
  });
  expect(existsSync(`${project.folder}/aws-calls`)).toBe(false);
  const { code, output } = await diff("--identity", "deploy-books");
  expect(code).toBe(1);
  expect(output).toContain(
    '--identity must be one of production\'s: plan, deploy, deploy-payments; got "deploy-books".',
  );
});

test("requests tokens for each stack, readable only by the user, and deletes them", async () => {
  await diff("--identity", "plan");
  expect(project.planned).toHaveLength(2);
  expect(github.calls).toEqual(Array(4).fill("GET /token"));
  expect(project.read("mode")).toBe("600\n");
  for (const file of [project.env.AWS_WEB_IDENTITY_TOKEN_FILE, project.env.KUBE_CONFIG_PATH]) {
    expect(existsSync(file)).toBe(false);
  }
});

test("hides GitHub's token request variables from Terraform and its providers", async () => {
  await diff("--identity", "deploy");
  expect(project.env.TF_VAR_vault_login).toContain("deploy");
  expect(Object.keys(project.env).filter((name) => name.startsWith("ACTIONS_"))).toEqual([]);
});

test("keeps the caller's identity without the option", async () => {
  await diff();
  expect(project.env).not.toHaveProperty("AWS_ROLE_ARN");
  expect(github.calls).toEqual([]);
});

test.each([
  [["--env", "production", "--identity", "admin"], {}, '--identity must be plan or deploy, got "admin".'],
  [
    ["--env", "production", "--identity", "deploy-payments"],
    {},
    '--identity must be one of production\'s: plan, deploy; got "deploy-payments".',
  ],
  [["--identity", "plan"], {}, "--identity requires --env."],
  [
    ["--env", "local", "--identity", "plan"],
    {},
    '--env must be an environment with shared state, got "local"; allowed: dev, staging, production.',
  ],
  [
    ["--env", "production", "--identity", "plan"],
    { ACTIONS_ID_TOKEN_REQUEST_URL: "" },
    "--identity is for a job of a GitHub workflow with the permission id-token: write",
  ],
  [
    ["--env", "production", "--identity", "plan"],
    { ACTIONS_ID_TOKEN_REQUEST_TOKEN: "wrong" },
    "GitHub gave no identity token for sts.amazonaws.com: 403.",
  ],
])("rejects %j", async (args, env, message) => {
  const { code, output } = await project.call(["diff", ...args], { ...github.env, ...env });
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(project.planned).toEqual([]);
});

test("reports a cluster that cannot be described", async () => {
  project.write("bin/aws", "#!/bin/sh\necho 'AccessDenied' >&2\nexit 254");
  const { code, output } = await diff("--identity", "plan");
  expect(code).toBe(1);
  expect(output).toContain("aws eks update-kubeconfig failed:\nAccessDenied");
});
