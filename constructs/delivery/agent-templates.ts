import type { IConstruct } from "constructs";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";

/**
 * Templates of Vault's agent, in the language of consul-template.
 * @see https://github.com/hashicorp/consul-template/blob/main/docs/templating-language.md
 */

/**
 * Environment variables and the keys of a secret that supply their values, such as `{ STRIPE_API_KEY: "stripe_api_key"
 * }`.
 */
export type EnvironmentVariables = Readonly<Record<string, string>>;

/** Properties of a file of environment variables. */
export interface EnvFileProps {
  /** Path of the secret in Vault's API. */
  readonly path: string;
  /** Variables of the file, with the keys of the secret. */
  readonly variables: EnvironmentVariables;
  /** Location of the keys in the response: `.Data.data` for KV version 2, `.Data` for everything else. */
  readonly data: ".Data" | ".Data.data";
}

/**
 * Adds a backslash before the four characters that are special between double quotes of a POSIX shell. A value without
 * them is rendered unchanged.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_03
 */
const ESCAPE = 'regexReplaceAll "([\\"$`\\\\\\\\])" "\\\\$1"';

/**
 * Returns the template of a file of `export NAME="value"` lines, which a POSIX shell reads with `.`. Each variable has
 * exactly the secret's value, including quotes, dollars and line feeds.
 * @throws ValidationError if there is no variable, or if a name or key is invalid
 */
export function envFile(scope: IConstruct, { path, variables, data }: EnvFileProps): string {
  const entries = Object.entries(variables);
  if (entries.length === 0) {
    throw new ValidationError(scope, `variables must name at least one variable for ${path}, got none`);
  }
  const lines = entries.map(([name, key]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new ValidationError(
        scope,
        `a variable's name must be letters, digits and underscores and not start with a digit, got ${received(name)}`,
      );
    }
    return `export ${name}="${valueOf(scope, data, key)}"`;
  });
  return [`{{- with secret "${path}" -}}`, ...lines, "{{- end }}", ""].join("\n");
}

/**
 * Expression for a value inside double quotes. Numbers are strings here, with the digits that they have in JSON.
 *
 * The template fails for a missing key, null, a list and an object: they would be rendered as `<nil>`, `[a b]` and
 * `map[k:v]`. It also fails for NUL, at which shells truncate.
 */
function valueOf(scope: IConstruct, data: string, key: string): string {
  if (!/^[\w.-]+$/.test(key)) {
    throw new ValidationError(
      scope,
      `a key must be letters, digits, dots, dashes and underscores, got ${received(key)}`,
    );
  }
  return (
    `{{ $v := index ${data} "${key}" }}` +
    `{{ if or (not (or (sprig_kindIs "string" $v) (sprig_kindIs "bool" $v))) (sprig_contains "\\x00" (print $v)) }}` +
    `{{ sprig_fail "the secret must have a string, number or boolean at the key ${key}, without NUL" }}{{ end }}` +
    `{{ print $v | ${ESCAPE} }}`
  );
}

/** Properties of a PEM file with a certificate. */
export interface PemBundleProps {
  /** Path that issues the certificate, such as `pki/issue/payment-service`. */
  readonly path: string;
  /** Parameters of the request, in the order in which they are written. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Returns the template of one file with certificate, chain and private key. The agent reads the renewal time from the
 * file. Each file has a separate certificate, so the key must be in the same file.
 */
export function pemBundle({ path, parameters }: PemBundleProps): string {
  const request = [path, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)];
  return [
    `{{- with pkiCert ${request.map((part) => `"${part}"`).join(" ")} -}}`,
    "{{ .Cert }}{{ range .CAChain }}{{ . }}{{ end }}{{ .Key }}",
    "{{- end }}",
  ].join("\n");
}
