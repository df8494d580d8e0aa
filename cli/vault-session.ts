import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { UserError } from "../constructs/core/user-error";
import { kubectl } from "./kubectl";
import { warn } from "./terminal";
import { type ReachProps, VaultReach } from "./vault-reach";

/** Seconds for which a token of the ServiceAccount is valid. The login takes one second. */
const SERVICE_ACCOUNT_TOKEN_SECONDS = 600;
/** Timeout of the revocation in seconds. It is short, because a user who interrupts the command waits for it. */
const REVOCATION_SECONDS = 5;

/** ServiceAccount with a role of the same name in Vault. */
export interface RoleServiceAccount {
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
  /** Name of the ServiceAccount and of the role. */
  readonly name: string;
  /** Namespace of Vault Enterprise that contains the role. @default - the root namespace */
  readonly enterpriseNamespace?: string;
}

/** Options of a login. */
export interface LoginProps {
  /** ServiceAccount that logs in. @default - the ServiceAccount of Terraform */
  readonly serviceAccount?: RoleServiceAccount;
}

/**
 * Login for one command. The token is only in the environment of that command, and is revoked when the command ends.
 */
export class VaultSession {
  /**
   * Logs in as Terraform or as a workload, with a short-lived token of the ServiceAccount.
   * @throws UserError with the message of the failed step: kubectl, the port-forward or the login
   */
  static async open(props: ReachProps & LoginProps): Promise<VaultSession> {
    const reach = await VaultReach.open(props);
    try {
      return new VaultSession(reach, await login(reach, props), props.serviceAccount?.enterpriseNamespace);
    } catch (error) {
      reach.close();
      throw error;
    }
  }

  private constructor(
    private readonly reach: VaultReach,
    private readonly token: string,
    private readonly namespace: string | undefined,
  ) {}

  /** Variables for the connection: for the vault program, and for Terraform with the config layer. */
  get environment(): Record<string, string> {
    const { namespace } = this;
    return {
      ...this.reach.environment,
      VAULT_TOKEN: this.token,
      ...(namespace !== undefined && { VAULT_NAMESPACE: namespace }),
    };
  }

  /**
   * Revokes the login and ends the port-forward. If the revocation fails, a note is printed; the result of the command
   * stays the same.
   */
  async close(): Promise<void> {
    try {
      await this.reach.write(
        within(this.namespace, "auth/token/revoke-self"),
        {},
        { token: this.token, seconds: REVOCATION_SECONDS },
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      warn(`note: the login was not revoked and ends by itself when its time is over. ${error.message}`);
    } finally {
      this.reach.close();
    }
  }
}

function within(namespace: string | undefined, path: string): string {
  return namespace === undefined ? path : `${namespace}/${path}`;
}

async function login(reach: VaultReach, props: ReachProps & LoginProps): Promise<string> {
  const { env, cluster = [], serviceAccount } = props;
  const { authPath, deployRole, deployServiceAccount, audience } = bootstrapNames;
  const who = serviceAccount
    ? { mount: "kubernetes", role: serviceAccount.name, ...serviceAccount }
    : { mount: authPath, role: deployRole, namespace: props.namespace, name: deployServiceAccount };
  const jwt = await kubectl({ env, cluster }, [
    ...["-n", who.namespace, "create", "token", who.name],
    ...[`--audience=${audience}`, `--duration=${SERVICE_ACCOUNT_TOKEN_SECONDS}s`],
  ]);
  const answer = await reach.write(within(serviceAccount?.enterpriseNamespace, `auth/${who.mount}/login`), {
    role: who.role,
    jwt: jwt.trim(),
  });
  return (answer as { auth: { client_token: string } }).auth.client_token;
}
