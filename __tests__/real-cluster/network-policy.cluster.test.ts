import { kubectl } from "./support/kubernetes";
import { describeUnless } from "../support/needs";
import { environment, hasInjector } from "./support/platform";
import { attempt } from "./support/shell";

const enforces = process.env.CLUSTER_ENFORCES_POLICIES === "true";
const missing = enforces
  ? undefined
  : "CLUSTER_ENFORCES_POLICIES does not say that the CNI enforces network policies";

// Without an injector, pods in a client's namespace cannot start.
describeUnless(hasInjector ? missing : "no image of the injector")("a pod of another namespace", () => {
  const namespace = "policy-probe";
  beforeAll(() => void kubectl("create", "namespace", namespace));
  afterAll(() => void kubectl("delete", "namespace", namespace, "--wait=false"));

  // Network policies apply to a new pod after some seconds.
  const script =
    "for i in $(seq 15); do vault status -address=https://vault.vault.svc:8200 -tls-skip-verify && exit; sleep 1; done";

  /** Returns true if a new pod in the namespace receives a response from Vault. */
  const reaches = (pod: string, ...options: string[]) =>
    attempt("kubectl", [
      ...["-n", namespace, "run", pod, `--image=${environment.images.vault}`, "--restart=Never", ...options],
      ...["--attach", "--rm", "--env=VAULT_CLIENT_TIMEOUT=5", "--env=VAULT_MAX_RETRIES=0", "--command", "--"],
      ...["sh", "-c", script],
    ]).stdout.includes("awskms");

  test("reaches Vault only if it and its namespace have the label", () => {
    const label = "vault-platform/client=true";
    expect(reaches("stranger", `--labels=${label}`)).toBe(false);
    kubectl("label", "namespace", namespace, label);
    expect(reaches("unlabelled")).toBe(false);
    expect(reaches("client", `--labels=${label}`)).toBe(true);
  });
});
