import { exists, get, kubectl } from "./support/kubernetes";
import { describeUnless } from "../support/needs";
import { hasExternalSecrets, service } from "./support/platform";
import { eventually } from "./support/shell";

const missing = hasExternalSecrets ? undefined : "no External Secrets in this cluster";

describeUnless(missing)("the ExternalSecret", () => {
  const { namespace, secrets } = service;
  const [secret] = secrets;
  const values = () => {
    const { data } = get(namespace, "secret", secret.name);
    return Object.fromEntries(
      Object.entries<string>(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
    );
  };
  const expected = { "stripe-api-key": "from-the-test", "webhook-secret": "from-the-test-too" };

  test("creates a Secret with the values in Vault", async () => {
    await eventually(120, () => expect(values()).toEqual(expected));
  });

  test("recreates a deleted Secret", async () => {
    kubectl("-n", namespace, "delete", "secret", secret.name);
    await eventually(120, () => expect(exists(namespace, "secret", secret.name)).toBe(true));
    expect(values()).toEqual(expected);
  });
});
