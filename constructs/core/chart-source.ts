import type { Construct } from "constructs";
import { ExactVersion } from "./exact-version";
import { FormatError, parseProperty } from "./format-error";
import { Url } from "./url";

/** Helm chart of an exact version. */
export interface ChartSource {
  /**
   * Location of the chart: an `https://` repository, an `oci://` registry path, or the folder that contains the chart's
   * folder.
   * A relative folder starts at the project's folder.
   */
  readonly repository: string;
  /** Exact version, such as `0.34.1`. For a folder, it is checked but not passed to Helm. */
  readonly version: string;
}

/** Path to the project's folder from a stack's folder (`cdktf.out/stacks/<stack>`). */
const PROJECT_FROM_STACK = "../../..";

/**
 * Arguments `chart`, `repository` and `version` of a Helm release.
 * @throws ValidationError for a version that is not exact and for a repository of another scheme
 */
export function chartArguments(
  scope: Construct,
  name: string,
  { repository, version }: ChartSource,
): { chart: string; repository?: string; version?: string } {
  parseProperty(scope, `the version of chart ${name}`, version, ExactVersion.parse);
  parseProperty(scope, `the repository of chart ${name}`, repository, parseChartRepository);
  if (repository.startsWith("https://")) return { chart: name, repository, version };
  if (repository.startsWith("oci://")) return { chart: `${repository.replace(/\/$/, "")}/${name}`, version };
  const folder = repository.startsWith("/") ? repository : `${PROJECT_FROM_STACK}/${repository}`;
  return { chart: `${folder.replace(/\/$/, "")}/${name}` };
}

/**
 * Checks the location of a chart.
 * @throws FormatError for another scheme, a URL with credentials, and a folder that does not start with / or .
 */
export function parseChartRepository(text: string): void {
  const [, scheme] = /^(https|oci):\/\//.exec(text) ?? [];
  if (scheme) Url.parse(text, { scheme: scheme as "https" | "oci" });
  else if (!/^(\.{1,2})?\//.test(text)) {
    throw new FormatError("https://, oci:// or a local path");
  }
}
