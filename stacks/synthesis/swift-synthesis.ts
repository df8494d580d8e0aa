import { withLeanAttributes } from "./lean-attributes";
import { inOnePass } from "./one-pass";
import { withQuickResolution } from "./quick-resolution";
import { withSharedDependencies } from "./shared-dependencies";
import { withoutTokenTraces } from "./token-traces";

const WAYS = [withoutTokenTraces, inOnePass, withSharedDependencies, withLeanAttributes, withQuickResolution];

/**
 * Builds and synthesizes without what the engine does for nothing.
 * @param work builds an app and synthesizes it; it may be begun anew
 */
export function swiftly<T>(work: () => T): T {
  return WAYS.reduceRight<() => T>((inner, way) => () => way(inner), work)();
}
