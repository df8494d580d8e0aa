import { describeRule } from "../support/describe-rule";
import {
  LISTENER,
  SEAL,
  configMap,
  container,
  cronJob,
  helmRelease,
  nothing,
  resource,
  together,
  vault,
} from "../support/plain";

const server = (values: object) => vault(undefined, { server: values });

describeRule("raft-retry-join", {
  compliant: {
    "servers that join": vault(),
    "one server": server({
      ha: { enabled: true, replicas: 1, raft: { enabled: true, config: 'storage "raft" {}' } },
    }),
  },
  violated: {
    "servers that wait to be joined": [
      vault(`${LISTENER}${SEAL}storage "raft" {\n  path = "/vault/data"\n}\n`),
      "the servers have no retry_join: somebody has to join each of them by hand, again after each loss",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("user-lockout", {
  compliant: {
    "servers with Vault's own lockout": vault(),
    "other switches": server({
      extraEnvironmentVars: { DEBUG: "true", VAULT_DISABLE_USER_LOCKOUT: "false" },
    }),
    "a threshold of one's own": vault(`user_lockout "all" {\n  lockout_threshold = "5"\n}\n${LISTENER}`),
  },
  violated: {
    "a stanza": [
      vault(`user_lockout "userpass" {\n  disable_lockout = "true"\n}\n${LISTENER}`),
      "user lockout is off for userpass methods",
    ],
    "a variable": [
      server({ extraEnvironmentVars: { VAULT_DISABLE_USER_LOCKOUT: "true" } }),
      "container vault: VAULT_DISABLE_USER_LOCKOUT is on",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("vault-dev-mode", {
  compliant: {
    "servers that keep their data": vault(),
    "another argument": server({ extraArgs: "-log-level=info -development" }),
  },
  violated: {
    "a spelling that the chart reads as on": [
      helmRelease("vault", { server: { dev: { enabled: "true" } } }),
      "server.dev.enabled is on",
    ],
    "an argument": [server({ extraArgs: "-log-level=info -dev" }), "server.extraArgs has -dev"],
    "an argument with a token": [
      server({ extraArgs: "--dev-root-token-id=r" }),
      "server.extraArgs has --dev-root-token-id=(not shown)",
    ],
    "a separate pod": [
      container({ image: "hashicorp/vault:1.21.0", command: ["vault", "server", "-dev"] }),
      "a command runs the server with -dev",
    ],
    "development mode": [
      helmRelease("vault", { server: { dev: { enabled: true } } }),
      "server.dev.enabled is on",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

const audit = { auditStorage: { enabled: true } };

describeRule("vault-storage", {
  compliant: {
    "the chart's data and a volume for the audit log": server(audit),
    "values that another rule reports as unknown": helmRelease("vault", "${file(var.values)}"),
  },
  violated: {
    "no volume for the audit log": [vault(), "server.auditStorage is off"],
    "no volume for data": [
      server({ ...audit, dataStorage: { enabled: false } }),
      "server.dataStorage is off",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

const pod = { runAsNonRoot: true };
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
const contexts = (securityContext: object) => server({ statefulSet: { securityContext } });

describeRule("vault-pod-hardening", {
  compliant: {
    "restricted servers": contexts({ pod, container: restricted }),
    "the chart's pod": contexts({ container: restricted }),
  },
  violated: {
    "the chart's container": [
      vault(),
      "the servers' root filesystem is writable",
      "the servers keep capabilities",
    ],
    "an override that replaces all of it": [
      contexts({ pod: { fsGroup: 1000 }, container: { runAsUser: 100 } }),
      "the servers may run as root",
      "the servers may gain privileges",
      "the servers' root filesystem is writable",
      "the servers keep capabilities",
    ],
    "a privileged server": [
      contexts({ pod, container: { ...restricted, privileged: true } }),
      "the servers are privileged",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("vault-exposed", {
  compliant: {
    "services of the cluster": vault(),
    "a load balancer for named networks": vault(undefined, {
      ui: { serviceType: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] },
    }),
  },
  violated: {
    "a load balancer": [
      vault(undefined, { ui: { serviceType: "LoadBalancer" } }),
      "ui is a load balancer for everybody",
    ],
    "an ingress": [
      server({ ingress: { enabled: true } }),
      "server.ingress leads from outside the cluster to the servers",
    ],
    "a route of OpenShift": [
      server({ route: { enabled: "true" } }),
      "server.route leads from outside the cluster to the servers",
    ],
    "a port of the nodes": [server({ hostPort: 8200 }), "the servers have a port of their nodes"],
    "everybody in two halves": [
      server({ service: { type: "LoadBalancer", loadBalancerSourceRanges: ["0.0.0.0/1", "128.0.0.0/1"] } }),
      "server.service is a load balancer for everybody",
    ],
    "external addresses": [
      server({ service: { externalIPs: ["192.0.2.1"] } }),
      "server.service has external addresses",
    ],
    "a load balancer that names everybody": [
      server({ service: { type: "LoadBalancer", loadBalancerSourceRanges: ["0.0.0.0/0"] } }),
      "server.service is a load balancer for everybody",
    ],
    "a port of every node": [
      server({ service: { type: "NodePort" } }),
      "server.service opens a port on every node",
    ],
    "the network of the nodes": [
      server({ hostNetwork: true }),
      "the servers are on the network of their nodes",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("injector-fail-open", {
  compliant: {
    "a webhook that fails closed": vault(undefined, { injector: { webhook: { failurePolicy: "Fail" } } }),
    "no injector": vault(undefined, { injector: { enabled: false } }),
  },
  violated: { "the chart's default": [vault(), "the webhook's failurePolicy is Ignore"] },
  notApplicable: { "a stack without Vault": nothing },
});

describeRule("helm-values-unknown", {
  compliant: { "values as text": vault() },
  violated: {
    "a file that Terraform reads": [
      helmRelease("vault", "${file(var.values)}"),
      "values of the chart are known to Terraform alone",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

const vaultImage = { name: "backup", image: "hashicorp/vault:1.15" };

describeRule("vault-image-programs", {
  compliant: {
    "programs of the image": cronJob({ container: [{ ...vaultImage, args: ["vault status | sed -n 1p"] }] }),
    "programs of another image": container({ image: "amazon/aws-cli:2.31.0", args: ["aws s3 ls"] }),
    "words in a message": cronJob({ container: [{ ...vaultImage, args: ['echo "run aws s3 ls"'] }] }),
  },
  violated: {
    "the article's backup": [
      cronJob({
        container: [
          {
            ...vaultImage,
            command: ["/bin/sh", "-c", "vault operator raft snapshot save /tmp/a\naws s3 cp /tmp/a s3://b/a"],
          },
        ],
      }),
      "container backup: runs aws, which is not in Vault's image",
    ],
    "a script": [
      together(
        configMap("scripts", { "backup.sh": "vault status -format=json | jq .sealed\n" }),
        cronJob({
          container: [{ ...vaultImage, command: ["sh", "/scripts/backup.sh"] }],
          volume: [{ name: "scripts", configMap: { name: "scripts" } }],
        }),
      ),
      "container backup: runs jq, which is not in Vault's image",
    ],
  },
  notApplicable: { "what makes no pods": nothing },
});

describeRule("pki-any-name", {
  compliant: {
    "named domains": resource("vault_pki_secret_backend_role", { allowed_domains: ["payments.svc"] }),
    "a star that stands for itself": resource("vault_pki_secret_backend_role", {
      allowed_domains: ["*.svc"],
    }),
  },
  violated: {
    "any name": [
      resource("vault_pki_secret_backend_role", { allow_any_name: true, enforce_hostnames: false }),
      "the role issues for any name (allow_any_name)",
      "the role issues for what is no host name",
    ],
    "a glob": [
      resource("vault_pki_secret_backend_role", { allowed_domains: ["*.svc"], allow_glob_domains: true }),
      "the role issues for every name that matches *.svc",
    ],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("vault-server-options", {
  compliant: {
    "this project's options": vault(`disable_mlock = true\nraw_storage_endpoint = false\n${LISTENER}`),
  },
  violated: {
    "raw storage": [
      vault(`raw_storage_endpoint = true\n${LISTENER}`),
      "raw_storage_endpoint is on: a token with sudo reads and writes the storage, past all policies",
    ],
    "raw storage in another spelling": [
      vault(`Raw_Storage_Endpoint = "T"\n${LISTENER}`),
      "raw_storage_endpoint is on: a token with sudo reads and writes the storage, past all policies",
    ],
    "raw storage with escapes": [
      vault(`"raw\\u005fstorage_endpoint" = 1\n${LISTENER}`),
      "raw_storage_endpoint is on: a token with sudo reads and writes the storage, past all policies",
    ],
    "a folder of plugins": [
      vault(`plugin_directory = "/vault/plugins"\n${LISTENER}`),
      "plugin_directory is set: a user who writes there and registers a plugin runs programs in the servers",
    ],
    "profiling without a login": [
      vault('listener "tcp" {\n  profiling {\n    unauthenticated_pprof_access = true\n  }\n}'),
      "a listener has unauthenticated_pprof_access",
    ],
    "storage in memory": [
      vault(`storage "inmem" {}\n${LISTENER}`),
      "storage is in memory: a restart loses all data",
    ],
    "clients that choose their address": [
      vault('listener "tcp" {\n  x_forwarded_for_authorized_addrs = ["0.0.0.0/0"]\n}'),
      "x_forwarded_for_authorized_addrs of a listener lets every client choose its address",
    ],
    "a configuration in JSON": [
      vault('{"introspection_endpoint": true, "listener": {"tcp": {"address": "[::]:8200"}}}'),
      "introspection_endpoint is on: requests read the memory of the servers",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});
