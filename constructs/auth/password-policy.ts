import { PasswordPolicy as VaultPasswordPolicy } from "@cdktf/provider-vault/lib/password-policy";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkArguments, checkProps, object, text, whole } from "../core/field";
import { type HclBlock, renderHcl } from "../core/hcl";
import {
  importResource,
  importExistingFields,
  type ImportExistingProps,
  KEPT,
} from "../core/import-existing";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireVaultName } from "./policy";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
/** Symbols that need no quoting in a URL, a shell or SQL. */
const SYMBOLS = "-_.~";

/** A password policy that this app creates or references. */
export interface IPasswordPolicy {
  /** Name of the password policy. */
  readonly passwordPolicyName: string;
  /** Name as a token, so that Terraform creates resources that use the policy after it. */
  readonly reference: string;
}

/** Name, length and symbols of a `PasswordPolicy`. */
export interface PasswordPolicyProps extends ImportExistingProps {
  /** Name of the password policy in Vault, in lower case. */
  readonly passwordPolicyName: string;
  /** Number of characters. @default 32 - about 190 bits */
  readonly length?: number;
  /** Symbols to use besides letters and digits. @default -_.~ - they need no quoting in a URL, a shell or SQL */
  readonly symbols?: string;
}

const PROPS = object<PasswordPolicyProps>(() => ({
  ...importExistingFields,
  passwordPolicyName: text,
  length: whole(20, 100).optional(),
  symbols: text.known().optional(),
}));

class ImportedPasswordPolicy extends LibraryConstruct implements IPasswordPolicy {
  readonly reference: string;

  constructor(
    scope: Construct,
    id: string,
    readonly passwordPolicyName: string,
  ) {
    super(scope, id);
    checkArguments(this, { passwordPolicyName: [passwordPolicyName, text] });
    this.reference = passwordPolicyName;
  }
}

/**
 * Rules for passwords that Vault generates. Each password has at least one lower-case letter, one upper-case letter,
 * one digit and one symbol.
 * @see https://developer.hashicorp.com/vault/docs/concepts/password-policies
 * @throws ValidationError for fewer than 20 characters, symbols outside printable ASCII, and a name that is taken
 */
export class PasswordPolicy extends LibraryConstruct implements IPasswordPolicy {
  /** References a password policy that another stack creates. */
  static fromPasswordPolicyName(scope: Construct, id: string, passwordPolicyName: string): IPasswordPolicy {
    return new ImportedPasswordPolicy(scope, id, passwordPolicyName);
  }

  /** Name of the password policy. */
  readonly passwordPolicyName: string;
  /** Name as a token, so that Terraform creates resources that use the policy after it. */
  readonly reference: string;

  constructor(scope: Construct, id: string, props: PasswordPolicyProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { passwordPolicyName, length = 32, symbols = SYMBOLS, importExisting } = props;
    const isKept = importExisting && props.length === undefined && props.symbols === undefined;
    this.passwordPolicyName = passwordPolicyName;
    requireVaultName(this, "passwordPolicyName", passwordPolicyName);
    // These three characters have a special meaning in an HCL string.
    if (!/^[!-/:-@[-`{-~]+$/.test(symbols) || /["\\$]/.test(symbols)) {
      throw new ValidationError(
        this,
        `symbols must be printable ASCII, neither letters nor digits and none of " \\ $, got ${received(symbols)}`,
      );
    }
    claimName(this, "password policy", passwordPolicyName);
    const kinds = [LOWER, UPPER, DIGITS, symbols];
    const text = renderHcl([
      ["length", length],
      ...kinds.map((charset): HclBlock => ({
        type: "rule",
        label: "charset",
        body: [
          ["charset", charset],
          ["min-chars", 1],
        ],
      })),
    ]);
    const policy = new VaultPasswordPolicy(this, "Resource", {
      name: passwordPolicyName,
      policy: isKept ? KEPT : literal(text),
    });
    if (importExisting) importResource(policy, passwordPolicyName, isKept ? ["policy"] : []);
    this.reference = policy.name;
  }
}
