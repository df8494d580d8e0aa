import { Construct } from "constructs";
import { grantDeploy, grantPlan } from "../../constructs/auth/access-levels";
import type { IPolicyTarget } from "../../constructs/auth/policy-target";
import { GithubAuthRole } from "../../constructs/auth/github-auth-role";
import { inNamespace } from "../../constructs/auth/in-namespaces";
import { JwtAuth } from "../../constructs/auth/jwt-auth";
import { suppressRule } from "../../hardening/suppression";
import {
  CANARY,
  GITHUB_AUTH_PATH,
  teamDeployName,
  teamGithubEnvironment,
  teamNamespace,
  teamNamespaces,
  teamsWithIdentities,
} from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { type ServiceMounts, servicesOf } from "../../platform/service";
import { teamDeployRules } from "./team-deploy-rules";

/** Properties of `VaultPipelines`. */
export interface VaultPipelinesProps {
  /** Environment that the pipelines deploy. */
  readonly environment: Environment;
  /** Policy targets that pipelines plan and deploy. */
  readonly parts: readonly IPolicyTarget[];
  /** Returns the paths of the mounts to which the stack of a team writes. */
  readonly mountsOf: (team: string) => ServiceMounts;
}

/**
 * Vault access of GitHub workflows in the platform's repository, by their identity tokens. The role `plan` is for pull
 * requests, which run code without approval. The role `deploy` is for approved jobs of the GitHub environment. Each
 * team can have an identity for its own stack.
 */
export class VaultPipelines extends Construct {
  constructor(scope: Construct, id: string, { environment, parts, mountsOf }: VaultPipelinesProps) {
    super(scope, id);
    const { repository } = environment.pipeline;
    const scopeOfGrants = { namespacesBelow: teamNamespaces(environment) };
    const auth = new JwtAuth(this, "Auth", { path: GITHUB_AUTH_PATH });
    const plan = new GithubAuthRole(this, "Plan", {
      auth,
      roleName: "plan",
      repository,
      subjects: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/main`],
    });
    grantPlan(plan, [auth, ...parts], scopeOfGrants);
    const deploy = new GithubAuthRole(this, "Deploy", {
      auth,
      roleName: "deploy",
      repository,
      refs: ["refs/heads/main"],
      environments: [environment.name],
    });
    grantDeploy(deploy, [auth, ...parts], scopeOfGrants);
    const byNature =
      "whoever writes policies is as strong as root; approved jobs of the GitHub environment alone";
    suppressRule(deploy, "policy-wildcard", byNature);
    suppressRule(deploy, "policy-sudo", byNature);
    // The canary, which verifies a restored copy. It is not confidential, and Terraform writes it.
    deploy.grant({
      path: `secret/data/${CANARY}`,
      capabilities: ["create", "update", "delete"],
      reason: "keeps the canary of the restore drill",
    });
    for (const team of teamsWithIdentities(environment)) {
      const role = new GithubAuthRole(this, `Deploy-${team}`, {
        auth,
        roleName: teamDeployName(team),
        repository,
        refs: ["refs/heads/main"],
        environments: [teamGithubEnvironment(environment.name, team)],
      });
      const services = servicesOf(environment).filter((service) => service.team === team);
      const namespace = teamNamespace(environment, team);
      const grantee = namespace === undefined ? role : inNamespace(role, namespace);
      for (const rule of teamDeployRules(services, mountsOf(team))) grantee.grant(rule);
      suppressRule(
        role,
        "policy-escalation",
        "it deploys roles and policies of its team's services; approved jobs of the team's GitHub environment alone",
      );
    }
  }
}
