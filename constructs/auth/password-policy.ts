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
/** What needs no quoting in a URL, a shell or SQL. */
const SYMBOLS = "-_.~";

/** A password policy, whoever made it. */
export interface IPasswordPolicy {
  readonly passwordPolicyName: string;
  /** The name as Terraform resolves it: who uses the policy is made after it. */
  readonly reference: string;
}

/** A password policy that another stack makes. */
export function passwordPolicyFromName(passwordPolicyName: string): IPasswordPolicy {
  checkArguments("passwordPolicyFromName", { passwordPolicyName: [passwordPolicyName, text] });
  return { passwordPolicyName, reference: passwordPolicyName };
}

export interface PasswordPolicyProps extends ImportExistingProps {
  readonly passwordPolicyName: string;
  /** Characters. @default - 32, about 190 bits */
  readonly length?: number;
  /** Symbols to draw from, beside letters and digits. @default -_.~ */
  readonly symbols?: string;
}

const PROPS = object<PasswordPolicyProps>(() => ({
  ...importExistingFields,
  passwordPolicyName: text,
  length: whole(20, 100).optional(),
  symbols: text.known().optional(),
}));

/**
 * How passwords are made that Vault sets, with one character of each kind at least.
 * @see https://developer.hashicorp.com/vault/docs/concepts/password-policies
 * @throws ValidationError for fewer than 20 characters, symbols that are not printable ASCII, a name that is taken
 */
export class PasswordPolicy extends LibraryConstruct implements IPasswordPolicy {
  readonly passwordPolicyName: string;
  readonly reference: string;

  constructor(scope: Construct, id: string, props: PasswordPolicyProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { passwordPolicyName, length = 32, symbols = SYMBOLS, importExisting } = props;
    const isKept = importExisting && props.length === undefined && props.symbols === undefined;
    this.passwordPolicyName = passwordPolicyName;
    requireVaultName(this, "passwordPolicyName", passwordPolicyName);
    // HCL reads these three in a text of its own way.
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
