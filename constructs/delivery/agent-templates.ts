import type { IConstruct } from "constructs";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";

/**
 * Texts that Vault's agent renders, in the language of consul-template.
 * @see https://github.com/hashicorp/consul-template/blob/main/docs/templating-language.md
 */

/** Environment variables and the keys of a secret that they come from, such as `{ STRIPE_API_KEY: "stripe_api_key" }`. */
export type EnvironmentVariables = Readonly<Record<string, string>>;

export interface EnvFileProps {
  /** Path of the secret in Vault's API. */
  readonly path: string;
  readonly variables: EnvironmentVariables;
  /** Where the keys are in the response: `.Data.data` for KV version 2, `.Data` for everything else. */
  readonly data: ".Data" | ".Data.data";
}

/**
 * Backslash before the four characters that mean something between double quotes of a POSIX shell. A value without
 * them is rendered as it stands.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_03
 */
const ESCAPE = 'regexReplaceAll "([\\"$`\\\\\\\\])" "\\\\$1"';

/**
 * A file of `export NAME="value"` lines, to be read by `.` of a POSIX shell. Whatever the value holds, quotes,
 * dollars and line feeds included, the variable holds the same.
 * @throws ValidationError when there is no variable, or a name or key cannot be one
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
 * A value as an environment variable holds it. The template fails for a missing key, null, a list and an object, which
 * would be rendered as `<nil>`, `[a b]` and `map[k:v]`, and for a NUL, at which shells cut. Numbers are strings here, with
 * the digits that they have in JSON.
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

export interface PemBundleProps {
  /** Path that issues the certificate, such as `pki/issue/payment-service`. */
  readonly path: string;
  /** Parameters of the request, in the order in which they are written. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Certificate, chain and private key in one file. The agent finds out from the file when the certificate has to be
 * renewed, and each file has a certificate of its own, so the key cannot be in another one.
 */
export function pemBundle({ path, parameters }: PemBundleProps): string {
  const request = [path, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)];
  return [
    `{{- with pkiCert ${request.map((part) => `"${part}"`).join(" ")} -}}`,
    "{{ .Cert }}{{ range .CAChain }}{{ . }}{{ end }}{{ .Key }}",
    "{{- end }}",
  ].join("\n");
}
