import { UserError } from "../../constructs/core/user-error";
import { parseValue } from "./expressions";
import type { Program } from "./program";
import type { VaultApi } from "./vault-api";

/** Request for a token of a ServiceAccount. */
export interface TokenRequest {
  readonly namespace: string;
  readonly name: string;
  readonly audience: string;
  /** Validity of the token. */
  readonly seconds: number;
}

interface VaultProvider {
  readonly address: string;
  readonly auth_login: readonly [{ readonly path: string; readonly parameters: { readonly role: string } }];
}

interface EphemeralToken {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: { readonly audiences: readonly [string]; readonly expiration_seconds: number };
}

/** Vault's address in the stack's provider configuration. */
export function vaultAddress(program: Program): string {
  return program.evaluate(parseValue(provider(program).address)) as string;
}

/**
 * Logs in as the stack's provider does: by the same mount and role. The token belongs to the ServiceAccount for which
 * the stack requests one when Terraform runs it.
 * @throws UserError when Vault refuses
 */
export async function logIn(
  program: Program,
  vault: VaultApi,
  requestToken: (request: TokenRequest) => Promise<string>,
): Promise<void> {
  const [{ path, parameters }] = provider(program).auth_login;
  const token = program.ephemeral("kubernetes_token_request_v1", "terraform") as EphemeralToken | undefined;
  if (!token) throw new UserError("The stack requests no token of a ServiceAccount to log in to Vault with.");
  const { metadata, spec } = token;
  const jwt = await requestToken({
    namespace: metadata.namespace,
    name: metadata.name,
    audience: spec.audiences[0],
    seconds: spec.expiration_seconds,
  });
  const role = program.evaluate(parseValue(parameters.role)) as string;
  await vault.logIn(program.evaluate(parseValue(path)) as string, { role, jwt });
}

function provider(program: Program): VaultProvider {
  return program.provider("vault") as VaultProvider;
}
