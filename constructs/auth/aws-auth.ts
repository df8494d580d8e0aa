import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { AwsAuthBackendClient } from "@cdktf/provider-vault/lib/aws-auth-backend-client";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { AwsRegion, serviceHost } from "../aws/region";
import type { Duration } from "../core/duration";
import { checkProps, text } from "../core/field";
import { importable, importResource, type Importable, unlessImported } from "../core/import-existing";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { type AuthMountTtlProps, checkAuthMount, type IAuthMount } from "./auth-mount";
import { authConfigurationPaths, type IPolicyTarget } from "./policy-target";
import { authMountTtls } from "./fields";

/** Region, server id and TTLs of an `AwsAuth` mount. */
export interface AwsAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`. @default aws */
  readonly path?: string;
  /** Region of the STS endpoint at which Vault verifies callers. */
  readonly region: string;
  /**
   * Value that callers must sign into their request, such as Vault's host name. Vault rejects a request that was
   * signed for another Vault.
   */
  readonly serverId: string;
  /** Description of the mount. @default - names the serverId */
  readonly description?: string;
}

const PROPS = importable<AwsAuthProps, "region" | "serverId">(
  () => ({
    ...authMountTtls,
    path: text.optional(),
    // Part of the STS endpoint's address.
    region: text,
    serverId: text,
    description: text.optional(),
  }),
  "region",
  "serverId",
);

/**
 * An auth mount for AWS roles, for pipelines outside GitHub and the cluster. The caller signs a request to STS, and
 * Vault forwards it. Vault needs no permissions in AWS.
 * @see https://developer.hashicorp.com/vault/docs/auth/aws
 * @throws ValidationError for a serverId that is not a host name or word, a region that AWS does not have, and a path
 * that is taken
 */
export class AwsAuth extends LibraryConstruct implements IAuthMount, IPolicyTarget {
  /** Path without `auth/`. */
  readonly path: string;
  /** Path as a token, so that Terraform creates roles after the mount. */
  readonly pathReference: string;
  /** Maximum TTL of a token of this mount. */
  readonly maxTtl: Duration;
  /** Resource of the mount. */
  readonly backend: AuthBackend;

  constructor(scope: Construct, id: string, props: Importable<AwsAuthProps, "region" | "serverId">) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = "aws", region, serverId } = props;
    if (isLiteral(region) && !AwsRegion.find(region)) {
      throw new ValidationError(
        this,
        `region must be one of AWS's, such as us-east-1, got ${received(region)}`,
      );
    }
    if (isLiteral(serverId) && !/^[\w.-]+$/.test(serverId)) {
      throw new ValidationError(this, `serverId must be a host name or word, got ${received(serverId)}`);
    }
    const { maxTtl, tune } = checkAuthMount(this, { ...props, path });
    this.path = path;
    this.maxTtl = maxTtl;
    const description =
      props.description ?? unlessImported(props, `AWS roles, by requests signed for ${serverId}`);
    this.backend = new AuthBackend(this, "Mount", {
      type: "aws",
      path,
      description: description && literal(description),
      tune,
    });
    this.pathReference = this.backend.path;
    const client = new AwsAuthBackendClient(this, "Resource", {
      backend: this.pathReference,
      stsRegion: region,
      stsEndpoint: region && `https://${serviceHost("sts", region)}`,
      iamServerIdHeaderValue: serverId,
    });
    if (!props.importExisting) return;
    importResource(this.backend, path);
    importResource(client, `auth/${path}/config/client`);
  }

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return authConfigurationPaths(this.path);
  }

  /** Paths that return, use or destroy secrets: none. */
  get secretPaths(): readonly string[] {
    return [];
  }
}
