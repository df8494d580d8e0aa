import { renderCoveragePage } from "./coverage-page";
import { environmentJsonSchema } from "./definition-schema";
import { sectionsOf } from "./definition-sections";
import { type DefinitionTypes, readDefinitionTypes } from "./definition-types";
import { renderReferencePage } from "./reference-page";

/** Files of the reference by their paths in the repository. */
export function referenceFiles(types: DefinitionTypes = readDefinitionTypes()): Map<string, string> {
  return new Map([
    [
      "docs/reference/environment.md",
      renderReferencePage({
        title: "Environment definition",
        introduction:
          "Fields of `EnvironmentDefinition`, which you write in `environments/`. [Service definition](service.md) has the fields of `services`. [environment.schema.json](environment.schema.json) is the JSON Schema, for editors and for checks of files in JSON.",
        sections: sectionsOf(types, "EnvironmentDefinition", ["ServiceDefinition"]),
        elsewhere: { ServiceDefinition: "service.md" },
      }),
    ],
    [
      "docs/reference/service.md",
      renderReferencePage({
        title: "Service definition",
        introduction:
          "Fields of `ServiceDefinition`: one element of `services` in an [environment definition](environment.md).",
        sections: sectionsOf(types, "ServiceDefinition"),
        elsewhere: {},
      }),
    ],
    [
      "docs/reference/environment.schema.json",
      `${JSON.stringify(environmentJsonSchema(types), undefined, 2)}\n`,
    ],
    ["docs/reference/access-coverage.md", renderCoveragePage()],
  ]);
}
