/** Supported shell syntaxes; bash and zsh read that of sh. */
export const SHELLS = ["sh", "fish"] as const;

/** Commands that set and unset variables. Every value is quoted, so that none of it is executed. */
export function renderShell(
  shell: string,
  set: Readonly<Record<string, string>>,
  unset: readonly string[],
): string {
  const isFish = shell === "fish";
  return [
    ...(unset.length > 0 ? [`${isFish ? "set -e" : "unset"} ${unset.join(" ")}`] : []),
    ...Object.entries(set).map(([name, value]) =>
      isFish ? `set -gx ${name} ${quoteForFish(value)}` : `export ${name}=${quoteForSh(value)}`,
    ),
  ].join("\n");
}

function quoteForSh(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function quoteForFish(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
