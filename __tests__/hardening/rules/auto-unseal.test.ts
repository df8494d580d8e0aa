import { describeRule } from "../support/describe-rule";
import {
  LISTENER,
  SEAL,
  STORAGE,
  configMap,
  deployment,
  helmRelease,
  job,
  nothing,
  resource,
  together,
  vault,
} from "../support/plain";

describeRule("auto-unseal", {
  compliant: {
    "a chart with a seal stanza": vault(),
    "a seal that the environment chooses": vault(LISTENER + STORAGE, {
      server: { extraEnvironmentVars: { VAULT_SEAL_TYPE: "gcpckms" } },
    }),
    "a configuration in a ConfigMap": configMap("vault", { "vault.hcl": LISTENER + SEAL + STORAGE }),
    "a configuration in JSON": configMap("vault", {
      "vault.json": JSON.stringify({
        listener: { tcp: { address: "[::]:8200" } },
        storage: { raft: { path: "/vault/data" } },
        seal: [{ awskms: { region: "us-east-1" } }],
      }),
    }),
  },
  violated: {
    "a chart without a seal": [
      vault(LISTENER + STORAGE),
      "the servers have no seal, so that people unseal each of them by hand",
    ],
    "a seal that is disabled": [
      vault(LISTENER + STORAGE + SEAL.replace("{", '{\n  disabled = "true"')),
      "the servers have no seal, so that people unseal each of them by hand",
    ],
    "the chart's own configuration": [
      helmRelease("vault", {}),
      "the servers have no seal, so that people unseal each of them by hand",
    ],
  },
  notApplicable: {
    "a stack without Vault": nothing,
    "a script that writes a configuration": configMap("scripts", {
      "drill.sh": `cat <<EOF\n${LISTENER}${STORAGE}EOF`,
    }),
    "an injector for servers elsewhere": vault(undefined, { server: { enabled: false } }),
  },
});

describeRule("seal-credentials", {
  compliant: {
    "a seal without credentials": vault(),
    "a token that the server reads from a file": vault(
      LISTENER + STORAGE + 'seal "transit" {\n  token = "file:///vault/seal/token"\n}\n',
    ),
  },
  violated: {
    "a token in the stanza": [
      vault(LISTENER + STORAGE + 'seal "transit" {\n  token = "x"\n}\n'),
      "the seal transit has token in its stanza, which is a ConfigMap",
    ],
    "a seal with an access key": [
      vault(LISTENER + STORAGE + 'seal "awskms" {\n  access_key = "x"\n  secret_key = "y"\n}\n'),
      "the seal awskms has access_key in its stanza, which is a ConfigMap",
      "the seal awskms has secret_key in its stanza, which is a ConfigMap",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

const annotated = (annotations: unknown) => vault(undefined, { server: { serviceAccount: { annotations } } });

describeRule("seal-identity", {
  compliant: {
    "a ServiceAccount with a role": annotated({ "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/vault" }),
    "annotations as a text": annotated("eks.amazonaws.com/role-arn: arn:aws:iam::1:role/vault"),
    "a seal that needs no role": vault(LISTENER + STORAGE + 'seal "transit" {\n  key_name = "k"\n}\n'),
  },
  violated: {
    "a ServiceAccount without a role": [
      vault(),
      "the servers' ServiceAccount has no eks.amazonaws.com/role-arn, so that they silently act as their node",
    ],
  },
  notApplicable: { "a stack without Vault": nothing },
});

const INIT = {
  container: [{ name: "init", image: "hashicorp/vault:1.21.0", args: ["vault operator init -format=json"] }],
};

describeRule("unseal-keys-on-disk", {
  compliant: {
    "a Job that works in memory": job({
      ...INIT,
      volume: [{ name: "work", emptyDir: { medium: "Memory" } }],
    }),
    "a Deployment that initialises nothing": deployment({ container: [{ name: "app", image: "app:1" }] }),
  },
  violated: {
    "a Job that works on a disk": [
      job({ ...INIT, volume: [{ name: "work", emptyDir: {} }] }),
      "runs vault operator init without a volume in memory: the keys would be on a disk or in the log",
    ],
    "a script in a ConfigMap that the Job runs": [
      together(
        configMap("scripts", {
          "init.sh": ". /scripts/common.sh\nsetup",
          "common.sh": "setup() { vault operator init; }",
        }),
        job({
          container: [{ name: "init", image: "hashicorp/vault:1.21.0", command: ["sh", "/scripts/init.sh"] }],
          volume: [{ name: "scripts", configMap: { name: "scripts" } }],
        }),
      ),
      "runs vault operator init without a volume in memory: the keys would be on a disk or in the log",
    ],
    "a provisioner": [
      resource("terraform_data", {
        provisioner: [
          { "local-exec": { command: "echo begin" } },
          { "local-exec": { command: "vault operator init > vault-init.json" } },
        ],
      }),
      "a provisioner runs vault operator init: the keys would be where Terraform runs",
    ],
  },
  notApplicable: { "a resource without a provisioner": nothing },
});
