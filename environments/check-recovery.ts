import type { Environment } from "./schema";

type Report = (path: string, received: unknown, allowed: string) => void;

/**
 * Whether what an environment stands by for can be recovered there.
 * @param names of all definitions, those included that have problems of their own
 */
export function recoveryProblems(
  environment: Environment,
  environments: readonly Environment[],
  names: readonly string[],
): string[] {
  const { recovers, name, aws, kubernetes } = environment;
  if (!recovers) return [];
  const problems: string[] = [];
  const report: Report = (path, received, allowed) =>
    problems.push(`${path}: got ${JSON.stringify(received) ?? "nothing"}; allowed: ${allowed}`);

  const others = names.filter((other) => other !== name);
  if (!others.includes(recovers.environment)) {
    report(`${name}.recovers.environment`, recovers.environment, `another environment: ${others.join(", ")}`);
  }
  const original = environments.find((other) => other !== environment && other.name === recovers.environment);
  if (!original) return problems;

  if (original.recovers) {
    report(
      `${name}.recovers.environment`,
      original.name,
      "an environment that does not itself recover another",
    );
    return problems;
  }
  if (!original.aws.replica) {
    report(
      `${original.name}.aws.replica`,
      undefined,
      `the region of ${name}, which cannot use the key without`,
    );
  } else if (aws.region !== original.aws.replica.region) {
    const { region } = original.aws.replica;
    report(`${name}.aws.region`, aws.region, `${region}, which holds the replicas of ${original.name}`);
  }
  if (original.aws.replica && !original.backup.replicate) {
    report(`${original.name}.backup.replicate`, false, `true, because ${name} restores the copies`);
  }
  if (environment.state === "s3" && original.aws.stateRegion === original.aws.region) {
    const allowed = `another region than ${original.aws.region}: Terraform's state has to outlive what ${name} recovers`;
    report(`${original.name}.aws.stateRegion`, original.aws.stateRegion, allowed);
  }
  for (const field of ["account", "unsealKeyAlias"] as const) {
    if (aws[field] !== original.aws[field]) {
      const allowed = `${original.aws[field]}, as in ${original.name}: its snapshots open with its key alone`;
      report(`${name}.aws.${field}`, aws[field], allowed);
    }
  }
  for (const field of ["oidcProvider", "apiServer"] as const) {
    if (kubernetes[field] === original.kubernetes[field]) {
      report(
        `${name}.kubernetes.${field}`,
        kubernetes[field],
        `that of another cluster than ${original.name}'s`,
      );
    }
  }
  return problems;
}
