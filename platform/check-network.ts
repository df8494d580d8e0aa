import { type Location, locate } from "../constructs/core/destination";
import { Url } from "../constructs/core/url";
import { type Check, type Path, type Report, allReadable } from "./check";
import { whereReadable } from "./readable";
import { servicesOf } from "./service";

/** Reports a host without a known location: no network policy could allow connections to it. */
function requireLocation(
  report: Report,
  path: Path,
  received: string,
  { host, ranges }: { readonly host: string; readonly ranges: readonly string[] },
): Location {
  const location = locate(host, ranges);
  if (location.kind === "unknown") report(path, received, location.allowed);
  return location;
}

const destinations: readonly Check[] = [
  ({ siem: { endpoint, ranges } }, report) => {
    requireLocation(report, ["siem", "endpoint"], endpoint, {
      host: Url.parse(endpoint).host.toString(),
      ranges,
    });
  },
  ({ vault: { oidc } }, report) => {
    if (!oidc) return;
    const { issuer, ranges } = oidc;
    requireLocation(report, ["vault", "oidc", "issuer"], issuer, {
      host: Url.parse(issuer).host.toString(),
      ranges,
    });
  },
  ({ network: { proxy } }, report) => {
    if (!proxy) return;
    const { https, ranges } = proxy;
    requireLocation(report, ["network", "proxy", "https"], https, { host: new URL(https).hostname, ranges });
  },
  ({ databases }, report) => {
    for (const index of databases.keys()) {
      whereReadable(() => {
        const { host, ranges } = databases[index];
        const path = ["databases", index, "host"];
        if (requireLocation(report, path, host, { host, ranges }).kind !== "internet") return;
        const allowed =
          "a Service of the cluster, such as payments-db.production.svc, unless ranges say where the database is";
        report(path, host, allowed);
      });
    }
  },
];

/** Rejects a Service of the cluster as the registry: nodes pull images, and do not resolve names of the cluster. */
const mirrors: Check = ({ mirrors: { registry } }, report) => {
  const host = registry?.split("/")[0].replace(/:\d+$/, "");
  if (host !== undefined && locate(host).kind === "namespace") {
    const allowed = "a registry that the nodes find: they do not resolve Services of the cluster";
    report(["mirrors", "registry"], registry, allowed);
  }
};

const servicePolicies: Check = (environment, report) => {
  for (const service of servicesOf(environment)) {
    whereReadable(() => {
      const { egress } = service.definition;
      if (egress.length === 0 || service.networkPolicyOwner === "platform") return;
      const allowed = 'nothing, unless networkPolicy is "platform": the team keeps the policy of these pods';
      report(service.path("egress"), egress, allowed);
    });
  }
};

/** Rejects a Secret that two writers would write. */
const pullSecrets: Check = (environment, report) => {
  const { imagePullSecrets } = environment.kubernetes;
  const allowed =
    "another name than those of kubernetes.imagePullSecrets, which External Secrets would overwrite";
  for (const secret of allReadable(servicesOf(environment), ({ secrets }) => secrets).flat()) {
    whereReadable(() => {
      const { name, service, field } = secret;
      if (name !== undefined && imagePullSecrets.includes(name))
        report(service.path(...field), name, allowed);
    });
  }
};

/** Checks of the connections that network policies must allow. */
export const networkChecks: readonly Check[] = [...destinations, mirrors, pullSecrets, servicePolicies];
