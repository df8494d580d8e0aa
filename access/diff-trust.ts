import { type Change, pairUp } from "./changes";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { mark } from "./markdown";
import { listOf, textOf } from "../analysis/terraform/values";

/** Auth mounts and their configuration, and second factors of logins. */
const TRUST =
  /^vault_([a-z]+_)?auth_backend(_config|_client|_config_identity|_sts_role|_cert)?$|^vault_identity_mfa_\w+$/;

/** Paths on which a generic endpoint configures logins. Policies and roles are compared separately. */
const ENDPOINTS = /^(auth|sys|identity)\//;
const READ_AS_SUCH =
  /^sys\/(policy|policies\/acl)\/|^auth\/.+\/(roles?|users?|groups?|certs?|map\/\w+)\/[^/]+$/;

/** Attributes that do not affect trust. */
const HARMLESS = [
  "//",
  "description",
  "tune",
  "depends_on",
  "provider",
  "lifecycle",
  "namespace",
  "id",
  "token_policies",
];

/** Changes to the trust in systems that authenticate logins: identity providers, clusters, second factors. */
export function trustChanges(before: Environment, after: Environment): Change[] {
  const of = ({ resources }: Environment) => resources.filter(decides);
  return pairUp(of(before), of(after), keyOf).flatMap(({ key, before: was, after: is }) => {
    const isFactor = key.includes("identity mfa");
    const change = { kind: "login", subject: key, details: [placeOf((is ?? was)!)] } as const;
    if (!was) {
      return [
        {
          ...change,
          direction: isFactor ? "narrower" : "wider",
          what: "+ a new one",
          labels: [],
        } satisfies Change,
      ];
    }
    if (!is) {
      const labels = isFactor ? (["trust"] as const) : [];
      return [
        {
          ...change,
          direction: isFactor ? "wider" : "narrower",
          what: "- no longer there",
          labels,
        } satisfies Change,
      ];
    }
    const names = [...new Set([...Object.keys(was.attributes), ...Object.keys(is.attributes)])].sort();
    return names
      .filter((name) => !HARMLESS.includes(name))
      .flatMap((name): Change[] => {
        const [earlier, later] = [was, is].map(({ attributes }) => listOf(attributes[name]).join(", "));
        if (earlier === later) return [];
        const what = `${mark(name)}: ${shorten(earlier)} -> ${shorten(later)}`;
        return [{ ...change, direction: "changed", what, labels: ["trust"] }];
      });
  });
}

function decides({ type, attributes }: Resource): boolean {
  if (type !== "vault_generic_endpoint") return TRUST.test(type);
  const path = textOf(attributes.path);
  return ENDPOINTS.test(path) && !READ_AS_SUCH.test(path);
}

function keyOf({ type, attributes, namespace }: Resource): string {
  const kind = type.replace(/^vault_/, "").replaceAll("_", " ");
  const path = attributes.path ?? attributes.backend ?? attributes.name ?? attributes.type ?? "";
  return `${namespace && `${namespace}/`}${kind} ${textOf(path)}`;
}

/** Shortens a value to the start of one line. Certificates are long, and their ends are alike. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  if (line === "") return "not set";
  return mark(line.length > 120 ? `${line.slice(0, 120)}...` : line);
}
