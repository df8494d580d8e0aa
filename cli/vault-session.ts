import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { UserError } from "../constructs/core/user-error";
import { kubectl } from "./kubectl";
import { warn } from "./terminal";
import { type ReachProps, VaultReach } from "./vault-reach";

/** Seconds for which a token of the ServiceAccount can be used; the login takes one. */
const SERVICE_ACCOUNT_TOKEN_SECONDS = 600;
/** Whoever interrupts waits for it, so it is not much. */
const REVOCATION_SECONDS = 5;

/** A ServiceAccount whose role in Vault has its name. */
export interface RoleServiceAccount {
  readonly namespace: string;
  readonly name: string;
  /** Namespace of Vault Enterprise that the role is in. @default - the root namespace */
  readonly enterpriseNamespace?: string;
}

/** Who logs in. */
export interface LoginProps {
  /** @default - the one that Terraform acts as */
  readonly serviceAccount?: RoleServiceAccount;
}

/**
 * A login that lasts as long as one command: the token is in that command's environment and nowhere else, and is
 * revoked when the command ends.
 */
export class VaultSession {
  /**
   * Logs in as Terraform does, or as a workload, by a short-lived token of the ServiceAccount.
   * @throws UserError when kubectl, the port-forward or the login fails, with what it said
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

  /** What a command needs to reach Vault: the vault program, and Terraform with the config layer. */
  get environment(): Record<string, string> {
    const { namespace } = this;
    return {
      ...this.reach.environment,
      VAULT_TOKEN: this.token,
      ...(namespace !== undefined && { VAULT_NAMESPACE: namespace }),
    };
  }

  /**
   * Revokes the login and ends the port-forward. A revocation that Vault does not take is told and nothing more: what
   * the command came to is not changed by it.
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
