import { FormatError, rejection } from "./format-error";
import { Url } from "./url";

const DISCOVERY = /\/+\.well-known(\/.*)?$/;

/**
 * The issuer of identity tokens, as their claim `iss` has it. Clients append `/.well-known/openid-configuration`.
 */
export class OidcIssuer {
  /** @throws FormatError for a discovery URL, with the issuer to write instead, and for what is no https:// URL */
  static parse(text: string): OidcIssuer {
    const [url] = text.split(/[?#]/);
    if (DISCOVERY.test(url)) {
      throw new FormatError(
        `"${url.replace(DISCOVERY, "")}", the issuer without the path that clients append`,
      );
    }
    return new OidcIssuer(text, Url.parse(text));
  }

  private constructor(
    private readonly text: string,
    readonly url: Url,
  ) {}

  toString(): string {
    return this.text;
  }
}

/**
 * Parses the issuer of a cluster's ServiceAccount tokens without `https://`, which is how AWS names its OIDC provider.
 * @throws FormatError also for a port and a slash at the end, which AWS does not take
 */
export function parseOidcProvider(text: string): string {
  const allowed = "an OIDC issuer without https://";
  const bare = text
    .replace(/^https:\/\//i, "")
    .replace(/[?#].*$/s, "")
    .replace(DISCOVERY, "")
    .replace(/\/+$/, "");
  const isIssuer = rejection(OidcIssuer.parse, `https://${bare}`) === undefined;
  if (!isIssuer || /^[^/]*[:A-Z]/.test(bare)) throw new FormatError(allowed);
  if (bare !== text) throw new FormatError(`"${bare}", the issuer as AWS names it`);
  return bare;
}
