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
import { authConfigurationPaths, type IConfigured } from "./configured";
import { authMountTtls } from "./fields";

export interface AwsAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`. @default aws */
  readonly path?: string;
  /** Region of the STS endpoint that Vault asks who a caller is. */
  readonly region: string;
  /**
   * What callers must sign into their request, such as Vault's host name: a request that was signed for another
   * Vault cannot be used here.
   */
  readonly serverId: string;
  /** @default - says what it is for */
  readonly description?: string;
}

const PROPS = importable<AwsAuthProps, "region" | "serverId">(
  () => ({
    ...authMountTtls,
    path: text.optional(),
    // Part of the address of STS.
    region: text,
    serverId: text,
    description: text.optional(),
  }),
  "region",
  "serverId",
);

/**
 * Logins by AWS roles, for pipelines outside GitHub and the cluster. Vault passes on a request to STS that the caller
 * signed, so it needs no rights in AWS.
 * @see https://developer.hashicorp.com/vault/docs/auth/aws
 * @throws ValidationError for an empty serverId, a region that AWS does not have and a path that is taken
 */
export class AwsAuth extends LibraryConstruct implements IAuthMount, IConfigured {
  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;
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

  get configurationPaths(): readonly string[] {
    return authConfigurationPaths(this.path);
  }

  get secretPaths(): readonly string[] {
    return [];
  }
}
