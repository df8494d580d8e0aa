import { kubectl } from "./support/kubernetes";
import { describeIf, environment, hasInjector } from "./support/platform";
import { attempt } from "./support/shell";

const enforces = process.env.CLUSTER_ENFORCES_POLICIES === "true";
// Without it no pod starts in a client's namespace.
const missing = hasInjector
  ? "CLUSTER_ENFORCES_POLICIES does not say that the CNI enforces network policies"
  : "no image of the injector";

describeIf(enforces && hasInjector, missing, "a pod of another namespace", () => {
  const namespace = "policy-probe";
  beforeAll(() => void kubectl("create", "namespace", namespace));
  afterAll(() => void kubectl("delete", "namespace", namespace, "--wait=false"));

  // Rules follow a new pod some seconds later.
  const script =
    "for i in $(seq 15); do vault status -address=https://vault.vault.svc:8200 -tls-skip-verify && exit; sleep 1; done";

  /** Whether a new pod of the namespace has an answer of Vault's. */
  const reaches = (pod: string) =>
    attempt("kubectl", [
      ...["-n", namespace, "run", pod, `--image=${environment.images.vault}`, "--restart=Never"],
      ...["--attach", "--rm", "--env=VAULT_CLIENT_TIMEOUT=5", "--env=VAULT_MAX_RETRIES=0", "--command", "--"],
      ...["sh", "-c", script],
    ]).stdout.includes("awskms");

  test("does not reach Vault, unless its namespace is said to be a client of Vault's", () => {
    expect(reaches("stranger")).toBe(false);
    kubectl("label", "namespace", namespace, "vault-platform/client=true");
    expect(reaches("client")).toBe(true);
  });
});
