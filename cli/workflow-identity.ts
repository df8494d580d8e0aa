import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { received } from "../constructs/core/received";
import { GITHUB_AUTH_PATH, platformNames, teamDeployName, teamsWithIdentities } from "../platform/names";
import type { Environment } from "../platform/schema";
import { UserError } from "../constructs/core/user-error";
import { run } from "./processes";
import { projectEnvironments } from "./project";

/** Roles of the platform for pipelines. They have the same names in AWS and in Vault. */
export const PIPELINE_ROLES = ["plan", "deploy"] as const;
/** Role of the platform for pipelines. */
export type PipelineIamRole = (typeof PIPELINE_ROLES)[number];

/** Audiences of the tokens. AWS and Vault each reject tokens for the other. */
const AUDIENCES = { aws: "sts.amazonaws.com", vault: "vault" };

/**
 * Identity of a GitHub workflow in AWS, Kubernetes and Vault: a role of the platform.
 * The job assumes the role with the identity token that GitHub signs for it. No credential is stored. A token is valid
 * for minutes, so each stack gets new tokens.
 * @see https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
 */
export class WorkflowIdentity {
  /**
   * Identity of the current job.
   * @param options.identity for example plan
   * @param options.env name of the environment; each environment has separate roles
   * @throws UserError for another role, without an environment, for an environment without shared state, and outside a
   * workflow
   */
  static of(options: { readonly identity: string; readonly env?: string }): WorkflowIdentity {
    const { identity } = options;
    const team = /^deploy-(.+)$/.exec(identity)?.[1];
    if (!team && !PIPELINE_ROLES.some((it) => it === identity)) {
      throw new UserError(`--identity must be ${PIPELINE_ROLES.join(" or ")}, got ${received(identity)}.`);
    }
    if (options.env === undefined) throw new UserError("--identity requires --env.");
    const environment = pipelineEnvironment(options.env);
    const teams = teamsWithIdentities(environment);
    if (team && !teams.includes(team)) {
      const allowed = [...PIPELINE_ROLES, ...teams.map(teamDeployName)].join(", ");
      throw new UserError(
        `--identity must be one of ${environment.name}'s: ${allowed}; got ${received(identity)}.`,
      );
    }
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
    if (!url || !token) {
      throw new UserError(
        "--identity is for a job of a GitHub workflow with the permission id-token: write; elsewhere leave it out, " +
          "and the programs act as who you are.",
      );
    }
    return new WorkflowIdentity(environment, { role: identity, team }, url, token);
  }

  private readonly folder = mkdtempSync(join(tmpdir(), "workflow-identity-"));

  private constructor(
    private readonly platform: Environment,
    private readonly who: { readonly role: string; readonly team?: string },
    private readonly url: string,
    private readonly token: string,
  ) {}

  /**
   * Variables for the programs of one stack, without those that request further tokens from GitHub.
   * @throws UserError if GitHub issues no token or the cluster cannot be described
   */
  async environment(): Promise<NodeJS.ProcessEnv> {
    const { kubernetes, aws, vault } = this.platform;
    const { role, team } = this.who;
    const names = platformNames(this.platform);
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      AWS_REGION: aws.region,
      AWS_ROLE_ARN: team ? names.teamDeployRoleArn(team) : names.roleArn(role as PipelineIamRole),
      AWS_ROLE_SESSION_NAME: `github-${process.env.GITHUB_RUN_ID ?? "workflow"}`,
      AWS_WEB_IDENTITY_TOKEN_FILE: this.write("aws-token", await this.identityToken(AUDIENCES.aws)),
      TF_VAR_cluster_login: "false",
      TF_VAR_vault_login: JSON.stringify({ mount: GITHUB_AUTH_PATH, role }),
      TF_VAR_vault_jwt: await this.identityToken(AUDIENCES.vault),
    };
    delete env.ACTIONS_ID_TOKEN_REQUEST_URL;
    delete env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    if (vault.tls.caCertificates.length > 0) {
      env.VAULT_CACERT = this.write("vault-ca.crt", vault.tls.caCertificates.join("\n"));
    }
    // The stack of a team configures only Vault.
    if (kubernetes.distribution === "eks" && !team) {
      // Terraform's providers read the first variable, kubectl reads the second.
      env.KUBE_CONFIG_PATH = await this.kubeconfig(kubernetes.clusterName, aws.region, env);
      env.KUBECONFIG = env.KUBE_CONFIG_PATH;
    }
    return env;
  }

  /** Removes the tokens. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async identityToken(audience: string): Promise<string> {
    const url = new URL(this.url);
    url.searchParams.set("audience", audience);
    const response = await fetch(url, { headers: { Authorization: `bearer ${this.token}` } }).catch(
      () => undefined,
    );
    const value = response?.ok ? ((await response.json()) as { value?: unknown }).value : undefined;
    if (typeof value === "string") return value;
    throw new UserError(`GitHub gave no identity token for ${audience}: ${response?.status ?? "no answer"}.`);
  }

  /** Writes a kubeconfig. Terraform's providers get the token of the cluster from the AWS CLI, as the same role. */
  private async kubeconfig(cluster: string, region: string, env: NodeJS.ProcessEnv): Promise<string> {
    const file = join(this.folder, "kubeconfig");
    const args = ["eks", "update-kubeconfig", "--name", cluster, "--region", region, "--kubeconfig", file];
    const { code, stderr } = await run("aws", args, { env }).catch(() => {
      throw new UserError("aws is not on PATH; it gives Terraform's providers the cluster's tokens.");
    });
    if (code !== 0) throw new UserError(`aws eks update-kubeconfig failed:\n${stderr.trim()}`);
    return file;
  }

  private write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }
}

/**
 * Environment that pipelines deploy: one with shared state.
 * @throws UserError with the allowed names and the given one
 */
export function pipelineEnvironment(name: string): Environment {
  const shared = projectEnvironments().filter(({ state }) => state === "s3");
  const environment = shared.find((it) => it.name === name);
  if (environment) return environment;
  const allowed = shared.map((it) => it.name).join(", ");
  throw new UserError(
    `--env must be an environment with shared state, got ${received(name)}; allowed: ${allowed}.`,
  );
}
