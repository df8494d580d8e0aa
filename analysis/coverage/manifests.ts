/** Object of Kubernetes as the resource of its kind would write it. */
export interface TypedManifest {
  /** Terraform type, for example kubernetes_role. */
  readonly type: string;
  /** Content with the names of the provider. */
  readonly contents: Readonly<Record<string, unknown>>;
}

/** Lists of a manifest that the provider has as blocks. */
const BLOCKS: Readonly<Record<string, string>> = {
  containers: "container",
  init_containers: "init_container",
  rules: "rule",
  subjects: "subject",
};

/** Objects whose keys are names that the user chooses. */
const MAPS = /^(annotations|data|labels|match_labels|string_data)$/;

/** Content of a `kubernetes_manifest` by the type of its kind. @returns undefined if the kind is not known */
export function typedManifest(type: string, contents: object | undefined): TypedManifest | undefined {
  if (type !== "kubernetes_manifest" || !contents || !("manifest" in contents)) return undefined;
  const { manifest, ...others } = contents;
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) return undefined;
  const { kind, apiVersion, ...rest } = manifest as Record<string, unknown>;
  // Kinds of custom resources may have the names of Kubernetes' own.
  if (typeof kind !== "string" || !/^[A-Z]\w+$/.test(kind) || !isBuiltIn(apiVersion)) return undefined;
  return { type: `kubernetes_${snakeCase(kind)}`, contents: { ...others, ...snakeCased(rest) } };
}

function isBuiltIn(apiVersion: unknown): boolean {
  const group =
    typeof apiVersion === "string" ? /^(?:([^/]*)\/)?[^/]+$/.exec(apiVersion)?.[1] : "unknown.example";
  return group === undefined || !group.includes(".") || group.endsWith(".k8s.io");
}

function snakeCased(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const name = snakeCase(key);
      return [BLOCKS[name] ?? name, MAPS.test(name) ? item : nested(item)];
    }),
  );
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  if (typeof value !== "object" || value === null || "toJSON" in value) return value;
  return snakeCased(value as Record<string, unknown>);
}

function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
