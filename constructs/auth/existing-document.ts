import type { IConstruct } from "constructs";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { PolicyError } from "../policy/policy-error";
import { type PathRule, parsePolicy } from "../policy/vault-policy";
import { byPrecedence } from "../policy/precedence";
import { isWider, renderPolicy } from "../policy/render-policy";
import { CAPABILITIES, type Capability, type PolicyRule } from "./policy-rule";

/**
 * Text of a policy that exists in Vault. The text stays unchanged; rules are appended to it.
 * @throws ValidationError for a text that Vault would reject, or that cannot be parsed
 */
export class ExistingDocument {
  private readonly rules: readonly PathRule[];

  constructor(
    private readonly scope: IConstruct,
    private readonly text: string,
  ) {
    this.rules = this.read(text);
  }

  /**
   * Checks that a rule can be appended.
   * @throws ValidationError for a rule that Vault would not follow beside the text, a rule that would widen a limit of
   * the text, and a rule that makes the text invalid
   */
  requireAddable(rule: PolicyRule): void {
    const { path, limits } = this.decisive(rule.path) ?? {};
    if (path !== undefined && limits !== undefined) {
      throw new ValidationError(
        this.scope,
        `a grant must be on a path that the document does not limit, got ${received(rule.path)}: the document has ${limits} on ${path}`,
      );
    }
    this.read(this.with([rule]));
  }

  /**
   * Returns the text with further rules. Vault follows only the most specific path. Each rule therefore also gets the
   * capabilities that the text grants on its path.
   */
  with(granted: readonly PolicyRule[]): string {
    if (granted.length === 0) return this.text;
    const rules = granted.map((rule): PolicyRule => {
      const { path, capabilities = [] } = this.decisive(rule.path) ?? {};
      // Vault combines two rules on the same path.
      return path === rule.path ? rule : { ...rule, capabilities: [...rule.capabilities, ...capabilities] };
    });
    return `${this.text.trimEnd()}\n${renderPolicy(rules)}`;
  }

  /** Rule of the text that Vault applies to a path. */
  private decisive(
    path: string,
  ): { path: string; capabilities: readonly Capability[]; limits?: string } | undefined {
    const [best] = this.rules
      .filter((rule) => rule.path === path || isWider(rule.path, path))
      .sort((one, other) => byPrecedence(one.path, other.path));
    if (!best) return undefined;
    const { path: decisive, capabilities, ...constraints } = best;
    const known = CAPABILITIES.filter((it) => (capabilities as readonly string[]).includes(it));
    if (capabilities.includes("deny")) {
      // A wider denial does not restrict narrower grants.
      return { path: decisive, capabilities: [], ...(decisive === path && { limits: "deny" }) };
    }
    const others = capabilities.filter((it) => !(known as readonly string[]).includes(it));
    const limits = [...Object.keys(constraints), ...others].join(", ");
    return { path: decisive, capabilities: known, ...(limits !== "" && { limits }) };
  }

  private read(text: string): readonly PathRule[] {
    try {
      return parsePolicy(text);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      throw new ValidationError(
        this.scope,
        `document must be the text of a policy, in HCL where anything is granted: ${error.message}`,
      );
    }
  }
}
