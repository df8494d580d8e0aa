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

/** Types of values in environment definitions, each with its error message. */

/** Text that matches a pattern. Other types and missing values get the same message. */
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

/** Text that a parser of the constructs accepts. The parser's error lists the allowed values. */
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

/** Text in a format that constructs check as well. */
export function textOf({
  fits,
  allowed,
}: {
  readonly fits: (text: string) => boolean;
  readonly allowed: string;
}) {
  return textThat(fits, allowed);
}

/** Whole number within a range, limits included. */
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

/** Name that is a DNS label. */
export const name = text(
  /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a lower-case DNS label of at most 63 characters, such as payments",
);

/** AWS account number. */
export const account = text(/^\d{12}$/, "an AWS account number of 12 digits");

/** AWS region. */
export const region = textThat(
  (text) => AwsRegion.find(text) !== undefined,
  "an AWS region, such as us-east-1",
);

/** Availability zone. Local Zones and Wavelength Zones are rejected: each depends on one zone of its region. */
export const zone = textThat(
  (text) => /[a-z]$/.test(text) && AwsRegion.find(text.slice(0, -1)) !== undefined,
  "an availability zone, such as us-east-1a",
);

/** ARN of an IAM role or user. */
export const principal = textThat(
  (text) => parsePrincipal(text) !== undefined,
  "the ARN of one IAM role or user, without wildcards",
);

/** Network range of DNS servers, which may be link-local. */
export const anyCidr = parsedText(Cidr.parse, "a network range, such as 10.0.0.0/16");

/** Network range of a peer. */
export const cidr = parsedText(parsePeerRange, "a network range, such as 10.0.0.0/16");

/** URL with the scheme `https`. */
export function httpsUrl(rules: UrlRules = {}) {
  return parsedText((text) => Url.parse(text, rules), "an https:// URL");
}

/** URL of Vault's cluster port, for replication. */
export const clusterAddress = parsedText(
  parseClusterAddress,
  "https on the cluster port, such as https://vault.example.com:8201",
);

/** OIDC issuer, as a URL. */
export const oidcIssuer = parsedText(OidcIssuer.parse, "an https:// URL");

/** OIDC issuer of a cluster, without the scheme, as IAM names it. */
export const oidcProvider = parsedText(parseOidcProvider, "an OIDC issuer without https://");

/** Host name or IP address. */
export const host = parsedText(Host.parse, "a host name or address, such as payments-db.production.svc");

/** Host name. IP addresses are rejected. */
export const hostName = parsedText(Host.parseName, "a host name, such as payments-db.production.svc");

/** Port number. */
export const port = wholeNumber(1, 65535, "a port from 1 to 65535");

/** Duration above zero. */
export const duration = textThat(
  (text) => (parsed(() => Duration.parse(text))?.toSeconds() ?? 0) > 0,
  "digits and one of s, m, h, d, above zero, such as 1h",
).transform((text) => Duration.parse(text));

/** Retention period in whole days, the unit of cloud services. */
export const days = textThat((text) => {
  const seconds = parsed(() => Duration.parse(text))?.toSeconds() ?? 0;
  return seconds > 0 && seconds % Duration.days(1).toSeconds() === 0;
}, "whole days, one at least, such as 30d").transform((text) => Duration.parse(text));

/** Amount of CPU. */
export const cpu = textThat(
  (text) => parsed(() => Cpu.parse(text)) !== undefined,
  "cores or thousandths of a core, such as 2 or 500m",
).transform((text) => Cpu.parse(text));

/** Largest volume of a cloud: 64 TiB. */
const LARGEST = Size.gibibytes(65_536);

/** Size of a volume or of memory. */
export const size = textThat(
  (text) => (parsed(() => Size.parse(text))?.toMebibytes() ?? Infinity) <= LARGEST.toMebibytes(),
  `digits and Mi or Gi, at most ${LARGEST}, such as 10Gi`,
).transform((text) => Size.parse(text));

/** Cron schedule. */
export const schedule = parsedText(CronSchedule.parse, "a cron schedule of five fields, such as 0 2 * * *");

/** Pinned image. With a moving tag, a node could start a program that was not reviewed. */
export const image = parsedText(
  ImageReference.parsePinned,
  "an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow",
);

/** Exact version of a Helm chart. */
export const version = parsedText(parseChartVersion, "an exact version, such as 0.34.1");

/** Repository from which charts are installed. */
export const chartMirror = parsedText(parseChartRepository, "https://, oci:// or a local path");

/** Registry from which images are pulled. */
export const registryMirror = parsedText(
  ImageRegistry.parse,
  "a registry host without a scheme, such as registry.example.com/mirror",
);

function certificates(parse: Parser<CertificateBundle>, allowed: string) {
  return parsedText(parse, allowed).transform((text) => parse(text).toString());
}

/** Certificates that a client trusts. */
export const caCertificates = certificates(CertificateBundle.parse, "one or more certificates in PEM");

/** Certificates of CAs. Every client checks that they may sign other certificates. */
export const authorities = certificates(
  CertificateBundle.parseAuthorities,
  "one or more CA certificates in PEM",
);

/** Armored PGP public key. */
export const pgpPublicKey = text(
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\n[\s\S]+\n-----END PGP PUBLIC KEY BLOCK-----\n?$/,
  "a PGP public key, armored",
);

/** Name of a Kubernetes object. */
export const objectName = parsedText(
  parseObjectName,
  "the name of a Kubernetes object, such as registry-credentials",
);

/** URL of a proxy. A user and a password are rejected: they would be in every pod. Errors do not show them. */
export const proxyUrl = z.string(PROXY_URL).superRefine((url, context) => {
  if (!isProxyUrl(url)) context.addIssue({ code: "custom", input: shownProxyUrl(url), message: PROXY_URL });
});

/** Host or range that is reached without the proxy. */
export const noProxyEntry = textThat(isNoProxyEntry, NO_PROXY_ENTRY);

/** Labels of Kubernetes objects. */
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

/** Path of a KV secret below the platform's KV mount. */
export const keyValueSecretPath = parsedText((text) => {
  if (!/^[\w-]+(\/[\w-]+)*$/.test(text)) throw new FormatError(SECRET);
  keyValueSecret(DEFAULT_KEY_VALUE_MOUNT)(text);
}, SECRET);

const PREFIX = "a prefix such as payment-service/*, below the mount and without data/";

/** Prefix of KV secrets below the platform's KV mount: all secrets of a folder. */
export const keyValuePrefix = parsedText((text) => {
  if (!/^[\w-]+(\/[\w-]+)*\/\*$/.test(text)) throw new FormatError(PREFIX);
  keyValuePattern(DEFAULT_KEY_VALUE_MOUNT)(text);
}, PREFIX);

/** Key of a Kubernetes Secret. */
export const secretKey = parsedText(parseDataKey, "a key of a Kubernetes Secret");

/** Reference to a key of a Kubernetes Secret. */
export const secretReference = z.strictObject({
  secretName: name,
  key: secretKey,
});

/** Accepts a version without a leading `v`. For charts that are published with one, the constructs add it. */
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
