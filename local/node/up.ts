import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { caFile, makeCertificates } from "../certificates";
import { requireTemporaryFolder } from "../../cli/file-errors";
import { images as published } from "../../environments/shared";
import { initialPasswordFiles, makeDatabases } from "../databases";
import { emulatorPart, provideAwsPrograms } from "../emulator";
import { findPlatform, requireData } from "../found-platform";
import { KubernetesApi, writeKubeconfig } from "../kubernetes";
import type { ManagedProcess } from "../managed-process";
import { places } from "../places";
import { writePlatformFile } from "../platform-file";
import { preparePostgres } from "../postgres";
import { UserError } from "../../constructs/core/user-error";
import { stopwatch } from "../../access/table";
import { provideShipper } from "../shipper";
import { startPart, startSupervisor } from "../supervision";
import { providePostgres, requireSpace } from "../tools";
import { applyAddOns } from "./add-ons";
import { makePlatformCa } from "./authority";
import { controlPlane, nodeSubjects } from "./control-plane";
import { buildImage, fullName, imagePlaces } from "./image";
import { prepareMachine } from "./machine";
import { applyNeighbour } from "./neighbour";
import { OTHER_VAULT_IMAGE, apiServerUrl, node, nodePlaces, ports, registryUrl } from "./node";
import { applyPodIdentity } from "./pod-identity";
import { provideNodePrograms, requireSystemPrograms } from "./programs";
import { imageRecipes } from "./recipes";
import { nodeVariables, writeSettings } from "./settings";
import { containerd, kubeProxy, kubelet, policyEnforcer, writeCni } from "./runtime";

const GIB = 6;

/** Starts the node: a Kubernetes cluster on one machine, with an AWS emulator and PostgreSQL beside it. */
export async function up(): Promise<void> {
  const elapsed = stopwatch();
  const say = (text: string) => console.log(`[${elapsed().toFixed(0).padStart(4)}s] ${text}`);
  requireSystemPrograms();
  const found = await findPlatform();
  requireData(found);
  if (found.state === "orphaned") {
    say(`the supervisor of an earlier run has ended; its parts are taken over: ${found.parts.join(", ")}`);
  }
  await provideAwsPrograms(say);
  const postgres = await providePostgres(say);
  const programs = await provideNodePrograms(say);
  const shipper = await provideShipper(say);
  requireTemporaryFolder();
  requireSpace(places.root, GIB, "to run the node");
  prepareMachine();
  await makeCertificates(nodeSubjects);
  await makePlatformCa();
  writeSettings();
  await startSupervisor();
  await startPart(emulatorPart(ports.emulator, node.address));
  const { backends, controllers } = controlPlane(programs);
  for (const part of backends) await startPart(part);
  writeKubeconfig(apiServerUrl);
  say(`the Kubernetes API is up at ${apiServerUrl}`);
  await startPart(
    await preparePostgres(postgres, ports.postgres, {
      address: node.address,
      ranges: [node.pods, `${node.address}/32`],
    }),
  );
  await makeDatabases(ports.postgres);
  say(`AWS's emulator and PostgreSQL are up at ${node.address}`);

  const images = await makeImages(programs, shipper, say);
  await startPart(registryPart());
  writeCni(programs);
  for (const part of [
    containerd(),
    ...controllers,
    kubelet(programs.kubelet),
    kubeProxy(programs["kube-proxy"]),
  ]) {
    await startPart(part);
  }
  const api = KubernetesApi.fromKubeconfig();
  await applyPodIdentity(api);
  await applyAddOns(api);
  await applyNeighbour(api);
  await readyNode(api);
  // kube-router looks up the node's addresses in the API, so the node must exist before.
  await startPart(policyEnforcer(programs["kube-router"]));
  writePlatformFile(nodeVariables(), initialPasswordFiles());
  say(`the node is ready; ${images} images are made from what is on this machine`);
  console.log(
    `\nA real cluster of one node is up. What works on it reads: eval "$(npm run --silent cluster -- env)"`,
  );
}

async function makeImages(
  programs: Awaited<ReturnType<typeof provideNodePrograms>>,
  shipper: string | undefined,
  say: (text: string) => void,
) {
  const { index } = imagePlaces(nodePlaces.images);
  const { recipes, missing } = await imageRecipes(programs, readFileSync(caFile, "utf8"), shipper);
  if (!existsSync(index)) {
    rmSync(nodePlaces.images, { recursive: true, force: true });
    mkdirSync(nodePlaces.images, { recursive: true });
    const made: Record<string, string> = {};
    for (const recipe of recipes) {
      say(`making the image ${recipe.name}`);
      made[fullName(recipe.name)] = await buildImage(recipe, nodePlaces.images);
    }
    made[fullName(OTHER_VAULT_IMAGE)] = made[fullName(published.vault)];
    writeFileSync(`${index}.new`, JSON.stringify(made, undefined, 2));
    renameSync(`${index}.new`, index);
  }
  for (const [image, wanted] of Object.entries(missing)) {
    say(`${image} is pulled from its registry, because it is made of ${wanted}, which is missing`);
  }
  return recipes.length;
}

function registryPart(): ManagedProcess {
  return {
    name: "registry",
    program: process.execPath,
    args: [
      // Parts run in another folder, where Node would not find tsx.
      ...["--import", pathToFileURL(require.resolve("tsx")).href, join(__dirname, "registry.ts")],
      ...[nodePlaces.images, node.address, String(ports.registry)],
    ],
    env: {},
    logFile: join(nodePlaces.images, "log"),
    address: registryUrl,
    check: { kind: "http", url: `${registryUrl}/v2/`, well: { 200: "ready" } },
    restart: true,
  };
}

/** Waits until the node is ready. @throws UserError with the node's conditions if it does not become ready */
async function readyNode(api: KubernetesApi): Promise<void> {
  interface Condition {
    readonly type: string;
    readonly status: string;
    readonly message: string;
  }
  let conditions: readonly Condition[] = [];
  for (let attempt = 0; attempt < 120; attempt++) {
    try {
      const answer = (await api.request("GET", `/api/v1/nodes/${node.name}`)) as {
        status: { conditions?: Condition[] };
      };
      conditions = answer.status.conditions ?? [];
    } catch {
      // The node has not registered yet.
    }
    if (conditions.some(({ type, status }) => type === "Ready" && status === "True")) return;
    await sleep(1000);
  }
  throw new UserError(
    `The node did not become ready:\n${conditions.map(({ type, status, message }) => `${type} ${status}: ${message}`).join("\n")}`,
  );
}
