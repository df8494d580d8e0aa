import { FormatError, rejection } from "./format-error";
import { Url } from "./url";

const DISCOVERY = /\/+\.well-known(\/.*)?$/;

/** Issuer of identity tokens, as in their `iss` claim. Clients append `/.well-known/openid-configuration` to it. */
export class OidcIssuer {
  /**
   * Parses an issuer.
   * @throws FormatError for a discovery URL, with the issuer to write instead, and for text that is not an https:// URL
   */
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
    /** Issuer as a URL. */
    readonly url: Url,
  ) {}

  /** Returns the issuer as it was given. */
  toString(): string {
    return this.text;
  }
}

/**
 * Parses the issuer of a cluster's ServiceAccount tokens without `https://`. AWS names the OIDC provider in this form.
 * @throws FormatError also for a port and a trailing slash, which AWS rejects
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
