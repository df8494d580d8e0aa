import { FormatError, type Parser, rejection } from "./format-error";

/**
 * Parsers of Kubernetes names, by the rules of the API server for each kind.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const QUALIFIED = "[A-Za-z0-9]([\\w.-]{0,61}[A-Za-z0-9])?";

function parser(form: string, allowed: string, isExcluded = (_text: string) => false): Parser<string> {
  const whole = new RegExp(`^(?:${form})$`);
  return (text) => {
    if (!whole.test(text) || isExcluded(text)) throw new FormatError(allowed);
    return text;
  };
}

/** Parses the name of a namespace, or of an object that becomes part of host names or labels. */
export const parseLabelName = parser(
  LABEL,
  "a name of at most 63 lower-case letters, digits and dashes, such as payments",
);

/**
 * Parses the name of a namespace to create. Every cluster has `default`, and `kube-` is reserved for Kubernetes itself.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
export const parseNewNamespace = parser(
  "(?!kube-|default$)" + LABEL,
  "a name of at most 63 lower-case letters, digits and dashes, neither default nor with kube- in front, such as payments",
);

/** Parses the name of a Service, which starts with a letter. */
export const parseServiceName = parser(
  "(?=[a-z])" + LABEL,
  "a name of at most 63 lower-case letters, digits and dashes that starts with a letter, such as payments",
);

/** Parses the name of most objects, such as Secrets and ServiceAccounts. */
export const parseObjectName = parser(
  `(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*`,
  "a name of at most 253 lower-case letters, digits, dashes and dots, such as payments-config",
);

/** Parses the key of a Secret or a ConfigMap, which becomes the name of a file. */
export const parseDataKey = parser(
  "[\\w.-]{1,253}",
  "a key of at most 253 letters, digits, dots, dashes and underscores, such as tls.crt",
  (text) => text === "." || text.startsWith(".."),
);

/** Parses the key of a label, optionally with a domain as prefix. */
export function parseLabelKey(text: string): string {
  const [name, ...prefixes] = text.split("/").reverse();
  const isPrefixed = prefixes.length === 1 && rejection(parseObjectName, prefixes[0]) === undefined;
  if (!new RegExp(`^${QUALIFIED}$`).test(name) || !(isPrefixed || prefixes.length === 0)) {
    throw new FormatError("the key of a label, such as app or app.kubernetes.io/name");
  }
  return text;
}

/** Parses the value of a label, which may be empty. */
export const parseLabelValue = parser(
  `(${QUALIFIED})?`,
  "the value of a label, of at most 63 letters, digits, dots, dashes and underscores",
);
