import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { checkProps, flag, object, text } from "./field";
import { literal } from "./literal";

export interface EphemeralVariableProps {
  /** Name in Terraform, set from outside by `TF_VAR_<name>`. */
  readonly variableName: string;
  readonly description: string;
  /** Lets a run go without a value; `valueOrNull` is null then. @default false - every run must give one */
  readonly optional?: boolean;
}

const PROPS = object<EphemeralVariableProps>(() => ({
  variableName: text.known(),
  description: text.known(),
  optional: flag.optional(),
}));

/**
 * A secret that Terraform is given for one run: it is in neither state nor plan.
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
      // A default of null cannot be written by the engine.
      default: optional ? "" : undefined,
    });
    this.overrideLogicalId(variableName);
    this.addOverride("ephemeral", true);
  }

  /** The value, and null where it was left out. */
  get valueOrNull(): string {
    return `\${${this.fqn} == "" ? null : ${this.fqn}}`;
  }
}
