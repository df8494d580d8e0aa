import type { TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import type { ChartSource } from "./chart-source";
import type { Cpu } from "./cpu";
import type { CrdDeclaration, CustomResources } from "./custom-resources";
import type { Duration } from "./duration";
import { type Field, anyText, fieldOf, object, record, text } from "./field";
import type { OutboundProxy } from "./outbound-proxy";
import type { Size } from "./size";

/** Field for instances of a class. It checks for members, because an app may load two copies of the class. */
export function having<T>(what: string, ...members: readonly (keyof T & string)[]): Field<T> {
  return fieldOf(
    what,
    (value) => typeof value === "object" && value !== null && members.every((member) => member in value),
  );
}

/** Field for a `Duration`. */
export const duration = having<Duration>(
  "a Duration, such as Duration.hours(1)",
  "toSeconds",
  "isLongerThan",
);

/** Field for a `Size`. */
export const size = having<Size>("a Size, such as Size.gibibytes(10)", "toMebibytes");

/** Field for a `Cpu`. */
export const cpu = having<Cpu>("a Cpu, such as Cpu.millis(500)", "toMillis");

/** Field for a `CrdDeclaration`. */
export const crds = having<CrdDeclaration>(
  'a CrdDeclaration, such as CrdDeclaration.groups("cert-manager.io")',
  "installersOf",
);

/** Field for a `CustomResources` construct. */
export const customResources = having<CustomResources>("a CustomResources construct", "release", "add");

/** Field for a construct. */
export const construct = having<IConstruct>("a construct", "node");

/** Field for a Terraform provider. */
export const provider = having<TerraformProvider>("a provider, such as new AwsProvider(...)", "fqn");

/** Field for an `OutboundProxy`. */
export const proxy = having<OutboundProxy>("an OutboundProxy", "environment", "bypasses");

/** Field for a `ChartSource`. */
export const chartSource = object<ChartSource>(() => ({
  repository: anyText.known(),
  version: anyText,
}));

/** Labels, annotations and other pairs of strings. */
export const pairs = record(anyText);

/** Function that callers of the library may implement. */
export const method = fieldOf<never>("a function", (value) => typeof value === "function");

/** Name and namespace of one ServiceAccount. */
export const serviceAccount = object<{ readonly namespace: string; readonly name: string }>(() => ({
  namespace: text,
  name: text,
}));
