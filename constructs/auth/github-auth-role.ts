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

export interface GithubAuthRoleProps extends AuthRoleProps {
  readonly auth: JwtAuth;
  readonly roleName: string;
  /** The one repository, such as `example/vault-platform`. */
  readonly repository: string;
  /** Refs of which the workflow must run on one, such as `refs/heads/main`. @default - any */
  readonly refs?: readonly string[];
  /** GitHub environments, with their reviewers, of which the job must name one. @default - any, and none */
  readonly environments?: readonly string[];
  /** Subjects of which the token must have one, such as `repo:example/vault-platform:pull_request`. @default - any */
  readonly subjects?: readonly string[];
  /** What the workflow asks the token for. @default vault */
  readonly audience?: string;
  /** How long a login can be renewed. @default - 1 hour, the length of a run */
  readonly maxTtl?: Duration;
}

const PROPS = importable<GithubAuthRoleProps, "repository">(
  () => ({
    ...authRole,
    auth: jwtAuth,
    roleName: text,
    repository: text,
    // The provider takes them as one text, which is joined here.
    refs: list(text).known().optional(),
    environments: list(text).known().optional(),
    subjects: list(text).known().optional(),
    audience: text.optional(),
  }),
  "repository",
);

/** Claims that tell in the audit log which run it was. */
const CLAIMS_IN_AUDIT_LOG = ["actor", "job_workflow_ref", "ref", "run_id", "sha"];

/**
 * The identity of GitHub workflows in Vault. All claims that are given must fit, each by one of its values; none is
 * compared by pattern.
 * @see https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-hashicorp-vault
 * @throws ValidationError for a repository, ref, environment or subject with a wildcard, and for none of the latter
 */
export class GithubAuthRole extends AuthRole {
  constructor(scope: Construct, id: string, props: Importable<GithubAuthRoleProps, "repository">) {
    checkProps(`${scope.node.path}/${id}`, PROPS, props);
    const { auth, roleName, repository } = props;
    const audience = props.audience ?? unlessImported(props, "vault");
    super(
      scope,
      id,
      { auth, roleName, subject: `GitHub ${repository ?? KEPT}${describe(props)}` },
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
    // The provider parts values at commas.
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

function describe({
  refs = [],
  environments = [],
  subjects = [],
}: Pick<GithubAuthRoleProps, "refs" | "environments" | "subjects">): string {
  return [...refs, ...environments.map((name) => `environment ${name}`), ...subjects]
    .map((text) => ` ${text}`)
    .join(",");
}
