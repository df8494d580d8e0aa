import type { Construct } from "constructs";
import { received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";

/** A chart of an exact version. */
export interface ChartSource {
  /**
   * Where the chart is: an https:// repository, an oci:// registry path, or a folder that holds the chart's folder.
   * A relative folder is one of the project.
   */
  readonly repository: string;
  /** Exact version, such as `0.34.1`; a folder has the version that it has. */
  readonly version: string;
}

/** The project's folder, seen from a stack's (`cdktf.out/stacks/<stack>`). */
const PROJECT_FROM_STACK = "../../..";

/**
 * The three arguments by which a Helm release finds its chart.
 * @throws ValidationError for a version that is not exact and for a repository of another scheme
 */
export function chartArguments(
  scope: Construct,
  name: string,
  { repository, version }: ChartSource,
): { chart: string; repository?: string; version?: string } {
  if (isLiteral(version) && !/^v?\d+\.\d+\.\d+$/.test(version)) {
    throw new ValidationError(
      scope,
      `the version of chart ${name} must be exact, such as 0.34.1, got ${received(version)}`,
    );
  }
  if (repository.startsWith("https://")) return { chart: name, repository, version };
  if (repository.startsWith("oci://")) return { chart: `${repository.replace(/\/$/, "")}/${name}`, version };
  if (/^(\.{1,2})?\//.test(repository)) {
    const folder = repository.startsWith("/") ? repository : `${PROJECT_FROM_STACK}/${repository}`;
    return { chart: `${folder.replace(/\/$/, "")}/${name}` };
  }
  throw new ValidationError(
    scope,
    `the repository of chart ${name} must start with https://, oci://, / or ./, got ${received(repository)}`,
  );
}
