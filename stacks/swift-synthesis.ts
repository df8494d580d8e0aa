import { withQuickResolution } from "./quick-resolution";
import { withoutTokenTraces } from "./token-traces";

/** Builds and synthesizes without what the engine does for nothing. */
export function swiftly<T>(work: () => T): T {
  return withoutTokenTraces(() => withQuickResolution(work));
}
