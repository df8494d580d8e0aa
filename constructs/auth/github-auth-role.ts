import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import type { Construct } from "constructs";
import { Duration } from "../core/duration";
import { checkProps, list, text } from "../core/field";
import { importable, importResource, type Importable, KEPT, unlessImported } from "../core/import-existing";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { AuthRole, type AuthRoleProps } from "./auth-role";
import { authRole, jwtAuth } from "./fields";
import type { JwtAuth } from "./jwt-auth";

/** Repository, conditions and token settings of a `GithubAuthRole`. */
export interface GithubAuthRoleProps extends AuthRoleProps {
  /** Mount that the workflows log in to. */
  readonly auth: JwtAuth;
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** Exactly one repository, such as `example/vault-platform`. */
  readonly repository: string;
  /** Refs, such as `refs/heads/main`. The workflow must run on one of them. @default - any ref */
  readonly refs?: readonly string[];
  /** GitHub environments, with their reviewers. The job must name one of them. @default - any environment, or none */
  readonly environments?: readonly string[];
  /**
   * Subjects, such as `repo:example/vault-platform:pull_request`. The token must have one of them.
   * @default - any subject
   */
  readonly subjects?: readonly string[];
  /** Audience for which the workflow requests its token. @default vault */
  readonly audience?: string;
  /** How long a login can be renewed. @default - 1 hour, the length of a pipeline run */
  readonly maxTtl?: Duration;
}

const PROPS = importable<GithubAuthRoleProps, "repository">(
  () => ({
    ...authRole,
    auth: jwtAuth,
    roleName: text,
    repository: text,
    // The provider takes one string. The values are joined here.
    refs: list(text).known().optional(),
    environments: list(text).known().optional(),
    subjects: list(text).known().optional(),
    audience: text.optional(),
  }),
  "repository",
);

/** Claims that identify the workflow run in the audit log. */
const CLAIMS_IN_AUDIT_LOG = ["actor", "job_workflow_ref", "ref", "run_id", "sha"];

/**
 * Lets workflows of one GitHub repository log in to Vault. The token must match each claim that you set, by one of
 * its values. Values are compared exactly, without patterns.
 * @see https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-hashicorp-vault
 * @throws ValidationError for a repository, ref, environment or subject with a wildcard, if refs, environments and
 * subjects are all empty, and as `AuthRole` does
 */
export class GithubAuthRole extends AuthRole {
  constructor(scope: Construct, id: string, props: Importable<GithubAuthRoleProps, "repository">) {
    checkProps(`${scope.node.path}/${id}`, PROPS, props);
    const { auth, roleName, repository } = props;
    const audience = props.audience ?? unlessImported(props, "vault");
    super(
      scope,
      id,
      { auth, roleName },
      {
        ...props,
        maxTtl: props.maxTtl ?? (props.period ? undefined : unlessImported(props, Duration.hours(1))),
      },
    );
    this.validate(props);
    const boundClaims =
      repository === undefined
        ? undefined
        : {
            repository,
            ...joined("ref", props.refs),
            ...joined("environment", props.environments),
            ...joined("sub", props.subjects),
          };
    const role = new JwtAuthBackendRole(this, "Resource", {
      backend: auth.pathReference,
      roleName,
      roleType: "jwt",
      userClaim: unlessImported(props, "sub") ?? KEPT,
      boundAudiences: audience === undefined ? undefined : [audience],
      boundClaimsType: boundClaims && "string",
      boundClaims,
      claimMappings: unlessImported(
        props,
        Object.fromEntries(CLAIMS_IN_AUDIT_LOG.map((claim) => [claim, claim])),
      ),
      ...this.tokenSettings,
    });
    if (props.importExisting) importResource(role, `auth/${auth.path}/role/${roleName}`, ["user_claim"]);
  }

  private validate(props: Importable<GithubAuthRoleProps, "repository">): void {
    const { repository, refs = [], environments = [], subjects = [] } = props;
    if (isLiteral(repository) && !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
      throw new ValidationError(
        this,
        `repository must be one, such as example/vault-platform, without wildcards, got ${received(repository)}`,
      );
    }
    const bound = [...refs, ...environments, ...subjects];
    if (repository === undefined && bound.length > 0) {
      throw new ValidationError(
        this,
        `repository must be set beside refs, environments or subjects, got nothing beside ${bound.join(", ")}`,
      );
    }
    if (repository !== undefined && bound.length === 0) {
      throw new ValidationError(
        this,
        "refs, environments or subjects must name one at least, got none: any branch of the repository could log in",
      );
    }
    // The provider splits values at commas.
    const wrong = bound.find((value) => isLiteral(value) && !/^[^\s*?,]+$/.test(value));
    if (wrong !== undefined) {
      throw new ValidationError(
        this,
        `refs, environments and subjects must be exact, without wildcards, commas and spaces, got ${received(wrong)}`,
      );
    }
  }
}

function joined(claim: string, values: readonly string[] = []): Record<string, string> {
  return values.length > 0 ? { [claim]: values.join(",") } : {};
}
