import type { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/** Builds what a check must not let pass. @returns the resource that must fail */
export type BadExample = (scope: Construct) => TerraformElement;
