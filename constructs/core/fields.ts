import type { TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import type { ChartSource } from "./chart-source";
import type { Cpu } from "./cpu";
import type { CrdDeclaration, CustomResources } from "./custom-resources";
import type { Duration } from "./duration";
import { type Field, anyText, fieldOf, object, record, text } from "./field";
import type { OutboundProxy } from "./outbound-proxy";
import type { Size } from "./size";

/** Fields of values that constructs of all folders take. A class is known by its members: a program may have two copies. */
export function having<T>(what: string, ...members: readonly (keyof T & string)[]): Field<T> {
  return fieldOf(
    what,
    (value) => typeof value === "object" && value !== null && members.every((member) => member in value),
  );
}

export const duration = having<Duration>(
  "a Duration, such as Duration.hours(1)",
  "toSeconds",
  "isLongerThan",
);

export const size = having<Size>("a Size, such as Size.gibibytes(10)", "toMebibytes");

export const cpu = having<Cpu>("a Cpu, such as Cpu.millis(500)", "toMillis");

export const crds = having<CrdDeclaration>(
  'a CrdDeclaration, such as CrdDeclaration.groups("cert-manager.io")',
  "installersOf",
);

export const customResources = having<CustomResources>("a CustomResources construct", "release", "add");

export const construct = having<IConstruct>("a construct", "node");

export const provider = having<TerraformProvider>("a provider, such as new AwsProvider(...)", "fqn");

export const proxy = having<OutboundProxy>("an OutboundProxy", "environment", "bypasses");

export const chartSource = object<ChartSource>(() => ({
  repository: anyText.known(),
  version: anyText,
}));

/** Labels or annotations, and other pairs of strings. */
export const pairs = record(anyText);

/** A method of an object that somebody else may write. */
export const method = fieldOf<never>("a function", (value) => typeof value === "function");

/** One ServiceAccount of one namespace. */
export const serviceAccount = object<{ readonly namespace: string; readonly name: string }>(() => ({
  namespace: text,
  name: text,
}));
