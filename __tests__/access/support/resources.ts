import type { TerraformStack } from "cdktf";

/** Resource by its type and its arguments. */
export type Plain = readonly [type: string, body: Readonly<Record<string, unknown>>];

/** Build function for a stack with the resources. The first of a type is named a, the second b. */
export function resources(...all: readonly Plain[]): (stack: TerraformStack) => void {
  return (stack) => {
    all.forEach(([type, body], index) => {
      const name = "abcdefghij"[all.slice(0, index).filter(([other]) => other === type).length];
      stack.addOverride(`resource.${type}.${name}`, body);
    });
  };
}
