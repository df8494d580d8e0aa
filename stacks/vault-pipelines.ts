import { Construct } from "constructs";
import { grantDeploy, grantPlan } from "../constructs/auth/access-levels";
import type { IConfigured } from "../constructs/auth/configured";
import { GithubRole } from "../constructs/auth/github-role";
import { JwtAuth } from "../constructs/auth/jwt-auth";
import { suppressRule } from "../constructs/hardening/suppression";
import { CANARY, GITHUB_AUTH_PATH } from "../environments/names";
import type { Environment } from "../environments/schema";

export interface VaultPipelinesProps {
  readonly environment: Environment;
  /** The parts of Vault that pipelines plan and deploy. */
  readonly parts: readonly IConfigured[];
}

/**
 * GitHub workflows of the platform's repository, by their own identity tokens: `plan` for pull requests, which run
 * code that nobody has approved yet, and `deploy` for jobs of the GitHub environment, which somebody has.
 */
export class VaultPipelines extends Construct {
  constructor(scope: Construct, id: string, { environment, parts }: VaultPipelinesProps) {
    super(scope, id);
    const { repository } = environment.pipeline;
    const auth = new JwtAuth(this, "Auth", { path: GITHUB_AUTH_PATH });
    const plan = new GithubRole(this, "Plan", {
      auth,
      roleName: "plan",
      repository,
      subjects: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/main`],
    });
    grantPlan(plan, [auth, ...parts]);
    const deploy = new GithubRole(this, "Deploy", {
      auth,
      roleName: "deploy",
      repository,
      refs: ["refs/heads/main"],
      environments: [environment.name],
    });
    grantDeploy(deploy, [auth, ...parts]);
    const byNature =
      "whoever writes policies is as strong as root; approved jobs of the GitHub environment alone";
    suppressRule(deploy, "policy-wildcard", byNature);
    suppressRule(deploy, "policy-sudo", byNature);
    // No secret, and Terraform's own: what a restored copy is tried with.
    deploy.grant({
      path: `secret/data/${CANARY}`,
      capabilities: ["create", "update", "delete"],
      reason: "keeps the canary of the restore drill",
    });
  }
}
