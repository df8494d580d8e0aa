import { asTerraform, get, inContainer, isReady, kubectl, pods } from "./support/kubernetes";
import { environment } from "./support/platform";
import { eventually } from "./support/shell";

const { replicas } = environment.vault;
const servers = () => pods("vault", "component=server");

async function allBack(known: readonly string[]): Promise<void> {
  await eventually(180, () => {
    const now = servers();
    expect(now.filter(isReady).map(({ metadata }) => metadata.uid)).toHaveLength(replicas);
    expect(now.filter(({ metadata }) => known.includes(metadata.uid))).toEqual([]);
    for (const { metadata } of now) {
      const status = JSON.parse(inContainer("vault", metadata.name, "vault", "vault status -format=json"));
      expect(status.sealed).toBe(false);
    }
    expect(pods("vault", "component=server,vault-active=true")).toHaveLength(1);
  });
}

test("restores all deleted servers, unsealed and with their volumes", async () => {
  const before = servers().map(({ metadata }) => metadata.uid as string);
  const claims = get("vault", "pvc").items.map(({ metadata }: { metadata: { uid: string } }) => metadata.uid);
  kubectl("-n", "vault", "delete", "pod", "-l", "component=server", "--wait=false");
  await allBack(before);
  const after = get("vault", "pvc").items.map(({ metadata }: { metadata: { uid: string } }) => metadata.uid);
  expect(after).toEqual(claims);
  await eventually(60, () => expect(asTerraform("vault policy list")).toContain("payment-service"));
});

test("activates another server when the active one is deleted", async () => {
  if (replicas === 1) return;
  const [active] = pods("vault", "component=server,vault-active=true");
  kubectl("-n", "vault", "delete", "pod", active.metadata.name, "--wait=false");
  await eventually(60, () => {
    const [next] = pods("vault", "component=server,vault-active=true");
    expect(next.metadata.uid).not.toBe(active.metadata.uid);
  });
  await allBack([active.metadata.uid]);
});
