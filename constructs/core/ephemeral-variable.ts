import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { checkProps, flag, object, text } from "./field";
import { literal } from "./literal";

/** Properties of `EphemeralVariable`. */
export interface EphemeralVariableProps {
  /** Name in Terraform. Set the value with `TF_VAR_<name>`. */
  readonly variableName: string;
  /** Description of the variable. */
  readonly description: string;
  /** Allows a run without a value; `valueOrNull` is then null. @default false - every run must set a value */
  readonly optional?: boolean;
}

const PROPS = object<EphemeralVariableProps>(() => ({
  variableName: text.known(),
  description: text.known(),
  optional: flag.optional(),
}));

/**
 * Secret input of one Terraform run. It is stored in neither state nor plan.
 * @see https://developer.hashicorp.com/terraform/language/values/variables#exclude-values-from-state
 */
export class EphemeralVariable extends TerraformVariable {
  constructor(scope: Construct, id: string, props: EphemeralVariableProps) {
    checkProps(`${scope.node.path}/${id}`, PROPS, props);
    const { variableName, description, optional = false } = props;
    super(scope, id, {
      type: "string",
      sensitive: true,
      description: literal(description),
      // cdktf cannot write a default of null.
      default: optional ? "" : undefined,
    });
    this.overrideLogicalId(variableName);
    this.addOverride("ephemeral", true);
  }

  /** Reference to the value, or null if the run does not set it. */
  get valueOrNull(): string {
    return `\${${this.fqn} == "" ? null : ${this.fqn}}`;
  }
}
