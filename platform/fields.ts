import { z } from "zod";
import { parsePrincipal } from "../constructs/aws/arn";
import { AwsRegion } from "../constructs/aws/region";
import { CertificateBundle } from "../constructs/core/certificate-bundle";
import { parseChartRepository } from "../constructs/core/chart-source";
import { Cidr } from "../constructs/core/cidr";
import { parseClusterAddress } from "../constructs/core/cluster-address";
import { Cpu } from "../constructs/core/cpu";
import { CronSchedule } from "../constructs/core/cron-schedule";
import { Duration } from "../constructs/core/duration";
import { ExactVersion } from "../constructs/core/exact-version";
import { FormatError, type Parser, rejection } from "../constructs/core/format-error";
import { Host } from "../constructs/core/host";
import { ImageReference } from "../constructs/core/image-reference";
import { ImageRegistry } from "../constructs/core/image-registry";
import {
  parseDataKey,
  parseLabelKey,
  parseLabelValue,
  parseObjectName,
} from "../constructs/core/kubernetes-names";
import { DEFAULT_KEY_VALUE_MOUNT, keyValuePattern, keyValueSecret } from "../constructs/core/key-value-path";
import { parsePeerRange } from "../constructs/core/metadata-ranges";
import { OidcIssuer, parseOidcProvider } from "../constructs/core/oidc-issuer";
import {
  NO_PROXY_ENTRY,
  PROXY_URL,
  isNoProxyEntry,
  isProxyUrl,
  shownProxyUrl,
} from "../constructs/core/outbound-proxy";
import { Size } from "../constructs/core/size";
import { Url, type UrlRules } from "../constructs/core/url";

/** Kinds of values in environment definitions, each with its message. */

/** Text of some form; other types and missing values get the same message. */
export function text(form: RegExp, allowed: string) {
  const fits = textThat((text) => form.test(text), allowed);
  // A pattern of JSON Schema has no flags.
  return form.flags === "" ? fits.meta({ pattern: form.source }) : fits;
}

function textThat(fits: (text: string) => boolean, allowed: string) {
  return parsedText((text) => {
    if (!fits(text)) throw new FormatError(allowed);
  }, allowed);
}

/** Text that a parser of the constructs accepts; its error says what is allowed. */
function parsedText(parse: Parser<unknown>, allowed: string) {
  const string = z.string({
    error: ({ input }) => {
      if (typeof input !== "number" && typeof input !== "boolean") return allowed;
      const text = rejection(parse, String(input)) ? "in quotes" : JSON.stringify(String(input));
      return `${allowed}, as text (${text})`;
    },
  });
  return string.superRefine((text, context) => {
    const rejected = rejection(parse, text);
    if (!rejected) return;
    const params = { isSecret: rejected.isSecret };
    context.addIssue({ code: "custom", input: text, message: rejected.allowed, params });
  });
}

/** A text of a form that constructs check, too. */
export function textOf({
  fits,
  allowed,
}: {
  readonly fits: (text: string) => boolean;
  readonly allowed: string;
}) {
  return textThat(fits, allowed);
}

export function wholeNumber(least: number, most: number, allowed: string) {
  const fits = (number: number) => Number.isInteger(number) && number >= least && number <= most;
  return z
    .number({
      error: ({ input }) =>
        typeof input === "string" && input !== "" && fits(Number(input))
          ? `${allowed}, as a number (${Number(input)})`
          : allowed,
    })
    .refine(fits, allowed)
    .meta({ type: "integer", minimum: least, maximum: most });
}

export const name = text(
  /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a lower-case DNS label of at most 63 characters, such as payments",
);

export const account = text(/^\d{12}$/, "an AWS account number of 12 digits");

export const region = textThat(
  (text) => AwsRegion.find(text) !== undefined,
  "an AWS region, such as us-east-1",
);

/** Local Zones and Wavelength Zones are refused: each depends on one zone of its region. */
export const zone = textThat(
  (text) => /[a-z]$/.test(text) && AwsRegion.find(text.slice(0, -1)) !== undefined,
  "an availability zone, such as us-east-1a",
);

export const principal = textThat(
  (text) => parsePrincipal(text) !== undefined,
  "the ARN of one IAM role or user, without wildcards",
);

/** Also link-local, where DNS servers may be. */
export const anyCidr = parsedText(Cidr.parse, "a network range, such as 10.0.0.0/16");

export const cidr = parsedText(parsePeerRange, "a network range, such as 10.0.0.0/16");

export function httpsUrl(rules: UrlRules = {}) {
  return parsedText((text) => Url.parse(text, rules), "an https:// URL");
}

export const clusterAddress = parsedText(
  parseClusterAddress,
  "https on the cluster port, such as https://vault.example.com:8201",
);

export const oidcIssuer = parsedText(OidcIssuer.parse, "an https:// URL");

export const oidcProvider = parsedText(parseOidcProvider, "an OIDC issuer without https://");

export const host = parsedText(Host.parse, "a host name or address, such as payments-db.production.svc");

export const hostName = parsedText(Host.parseName, "a host name, such as payments-db.production.svc");

export const port = wholeNumber(1, 65535, "a port from 1 to 65535");

export const duration = textThat(
  (text) => (parsed(() => Duration.parse(text))?.toSeconds() ?? 0) > 0,
  "digits and one of s, m, h, d, above zero, such as 1h",
).transform((text) => Duration.parse(text));

/** How long something is kept by a cloud that counts days. */
export const days = textThat((text) => {
  const seconds = parsed(() => Duration.parse(text))?.toSeconds() ?? 0;
  return seconds > 0 && seconds % Duration.days(1).toSeconds() === 0;
}, "whole days, one at least, such as 30d").transform((text) => Duration.parse(text));

export const cpu = textThat(
  (text) => parsed(() => Cpu.parse(text)) !== undefined,
  "cores or thousandths of a core, such as 2 or 500m",
).transform((text) => Cpu.parse(text));

/** No volume of a cloud is larger than 64 TiB. */
const LARGEST = Size.gibibytes(65_536);

export const size = textThat(
  (text) => (parsed(() => Size.parse(text))?.toMebibytes() ?? Infinity) <= LARGEST.toMebibytes(),
  `digits and Mi or Gi, at most ${LARGEST}, such as 10Gi`,
).transform((text) => Size.parse(text));

export const schedule = parsedText(CronSchedule.parse, "a cron schedule of five fields, such as 0 2 * * *");

/** Pinned, because a moving tag lets a node start another program than the one that was reviewed. */
export const image = parsedText(
  ImageReference.parsePinned,
  "an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow",
);

export const version = parsedText(parseChartVersion, "an exact version, such as 0.34.1");

export const chartMirror = parsedText(parseChartRepository, "https://, oci:// or a local path");

export const registryMirror = parsedText(
  ImageRegistry.parse,
  "a registry host without a scheme, such as registry.example.com/mirror",
);

function certificates(parse: Parser<CertificateBundle>, allowed: string) {
  return parsedText(parse, allowed).transform((text) => parse(text).toString());
}

export const caCertificates = certificates(CertificateBundle.parse, "one or more certificates in PEM");

/** Certificates whose owners may sign others, as every client checks. */
export const authorities = certificates(
  CertificateBundle.parseAuthorities,
  "one or more CA certificates in PEM",
);

export const pgpPublicKey = text(
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\n[\s\S]+\n-----END PGP PUBLIC KEY BLOCK-----\n?$/,
  "a PGP public key, armored",
);

export const objectName = parsedText(
  parseObjectName,
  "the name of a Kubernetes object, such as registry-credentials",
);

/** A user and a password would be in every pod. Errors do not show them. */
export const proxyUrl = z.string(PROXY_URL).superRefine((url, context) => {
  if (!isProxyUrl(url)) context.addIssue({ code: "custom", input: shownProxyUrl(url), message: PROXY_URL });
});

export const noProxyEntry = textThat(isNoProxyEntry, NO_PROXY_ENTRY);

/** Labels that objects of Kubernetes have. */
export const labels = z
  .record(z.string(), z.string("a label's value"), "labels and their values")
  .refine(
    (all) =>
      Object.entries(all).every(
        ([key, value]) => !rejection(parseLabelKey, key) && !rejection(parseLabelValue, value),
      ),
    'labels of Kubernetes, such as { app: "payments-db" }',
  );

const SECRET = "a path below the mount, such as payment-service/config";

/** Path of a KV secret below the platform's engine. */
export const keyValueSecretPath = parsedText((text) => {
  if (!/^[\w-]+(\/[\w-]+)*$/.test(text)) throw new FormatError(SECRET);
  keyValueSecret(DEFAULT_KEY_VALUE_MOUNT)(text);
}, SECRET);

const PREFIX = "a prefix such as payment-service/*, below the mount and without data/";

/** All KV secrets of a folder of the platform's engine. */
export const keyValuePrefix = parsedText((text) => {
  if (!/^[\w-]+(\/[\w-]+)*\/\*$/.test(text)) throw new FormatError(PREFIX);
  keyValuePattern(DEFAULT_KEY_VALUE_MOUNT)(text);
}, PREFIX);

export const secretKey = parsedText(parseDataKey, "a key of a Kubernetes Secret");

export const secretReference = z.strictObject({
  secretName: name,
  key: secretKey,
});

/** Some charts are published with a `v`, which the constructs add. */
function parseChartVersion(text: string): void {
  ExactVersion.parse(text);
  if (text.startsWith("v")) throw new FormatError(`"${text.slice(1)}", without v`);
}

function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
