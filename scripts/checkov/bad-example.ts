import type { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/** Builds a resource that a check must reject. @returns the resource that must fail */
export type BadExample = (scope: Construct) => TerraformElement;
