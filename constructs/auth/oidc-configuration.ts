import type { OidcAuthProps } from "./oidc-auth";

type Settings = Pick<OidcAuthProps, "issuer" | "clientId" | "caCertificate" | "providerConfig" | "roleName">;

/**
 * Returns the bash command that writes the configuration of an OIDC mount. The command prompts for the client secret.
 */
export function configurationCommand(path: string, settings: Settings): string {
  const { issuer, clientId, caCertificate, providerConfig, roleName = "people" } = settings;
  return [
    "read -r -s -p 'Client secret: ' secret && printf '%s' \"$secret\" |",
    `vault write ${path}`,
    // `vault write` accepts no map as an argument.
    ...(providerConfig
      ? [`@<(printf '%s' ${quote(JSON.stringify({ provider_config: providerConfig }))})`]
      : []),
    `oidc_discovery_url=${quote(issuer)} oidc_client_id=${quote(clientId)}`,
    ...(caCertificate === undefined ? [] : [`oidc_discovery_ca_pem=${quote(caCertificate)}`]),
    `oidc_client_secret=- default_role=${roleName}`,
  ].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
