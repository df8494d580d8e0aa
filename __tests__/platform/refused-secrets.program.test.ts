import { drProduction } from "../../environments/dr-production";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { type Path, pathsOf, valueAt, withValue } from "../contract/examples/paths";
import { primary, secondary } from "../stacks/support/dr-environments";
import { fullService } from "../stacks/support/full-service";
import { namespaced } from "../stacks/support/team-namespaces";
import { refusedSecrets } from "../support/refused-secrets";
import { problemsOf } from "./support";

const definitions: readonly EnvironmentDefinition[] = [
  { ...production, services: [fullService] },
  { ...namespaced, services: [fullService] },
  primary,
  secondary,
  drProduction,
];

/** Every field, in the first definition that has it. */
const fields = new Map<string, [definition: EnvironmentDefinition, path: Path]>();
for (const definition of definitions) {
  for (const path of pathsOf(definition)) {
    const name = path.join(".");
    if (!fields.has(name)) fields.set(name, [definition, path]);
  }
}

test.each(refusedSecrets.texts)(
  "no message about a definition repeats the secret in %j, whichever field has it",
  (text) => {
    const shown: string[] = [];
    let refused = 0;
    for (const [name, [definition, path]] of fields) {
      const value = valueAt(definition, path);
      const others = Array.isArray(value)
        ? [text, [text], [...(value as unknown[]), text]]
        : [text, { [text]: text }];
      for (const other of others) {
        const problems = problemsOf(withValue(definition, path, other) as EnvironmentDefinition);
        if (problems.length > 0) refused++;
        const found = problems.find(refusedSecrets.isShown);
        if (found !== undefined) shown.push(`${name}: ${found}`);
      }
    }
    expect(shown).toEqual([]);
    expect(refused).toBeGreaterThan(fields.size);
  },
);
