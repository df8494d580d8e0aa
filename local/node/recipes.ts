import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { images } from "../../environments/shared";
import { awsPrograms } from "../emulator";
import { Problem } from "../problem";
import { run } from "../processes";
import type { ImageRecipe } from "./image";
import { BUSYBOX_IMAGE, COREDNS_IMAGE, PAUSE_IMAGE, STORAGE_IMAGE } from "./node";
import { type NodePrograms, onPath, searchPath } from "./programs";

/** Images whose parts are not on this machine: their name and what would have to be there. */
export type MissingImages = Readonly<Record<string, string>>;

/** Certificates that are trusted in the images of Vault: the machine's own and those of the platform's CA. */
const TRUSTED = "/etc/ssl/certs/ca-certificates.crt";

/** What programs from PATH make an image of, where there is no Go module of it that a client of Go may build. */
const FROM_PATH: Readonly<Record<string, { image: string; target: string }>> = {
  "vault-k8s": { image: images.vaultAgentInjector, target: "/bin/vault-k8s" },
  "external-secrets": {
    image: "ghcr.io/external-secrets/external-secrets:v2.9.0",
    target: "/bin/external-secrets",
  },
  ...Object.fromEntries(
    ["controller", "webhook", "cainjector", "startupapicheck"].map((part) => [
      `cert-manager-${part}`,
      { image: `quay.io/jetstack/cert-manager-${part}:v1.21.1`, target: `/app/${part}` },
    ]),
  ),
};

/** The images that the node itself needs, and those of the stacks whose parts are here. */
export async function imageRecipes(
  programs: NodePrograms,
  caCertificate: string,
): Promise<{ recipes: ImageRecipe[]; missing: MissingImages }> {
  const shell = await withLibraries("/bin/busybox", onPath("busybox") as string);
  const base: Pick<ImageRecipe, "links" | "texts"> = {
    links: Object.fromEntries(applets().map((applet) => [`/bin/${applet}`, "busybox"])),
    texts: {
      "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nvault:x:100:1000::/home/vault:/bin/sh\n",
      "/etc/group": "root:x:0:\nvault:x:1000:\n",
      [TRUSTED]: [existsSync(TRUSTED) ? readFileSync(TRUSTED, "utf8") : "", caCertificate].join("\n"),
    },
  };
  const recipes: ImageRecipe[] = [
    // The process that all others of a pod belong to ends when it is told to, and collects those that have ended.
    {
      ...base,
      name: PAUSE_IMAGE,
      programs: shell,
      entrypoint: ["/bin/sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 86400 & wait $!; done"],
      user: "65535:65535",
    },
    { ...base, name: BUSYBOX_IMAGE, programs: shell },
    { name: COREDNS_IMAGE, programs: { "/coredns": programs.coredns }, entrypoint: ["/coredns"] },
    {
      ...base,
      name: STORAGE_IMAGE,
      programs: { ...shell, "/usr/bin/local-path-provisioner": programs["local-path-provisioner"] },
      entrypoint: ["/usr/bin/local-path-provisioner"],
    },
    {
      ...base,
      name: images.vault,
      programs: { ...shell, ...(await withLibraries("/bin/vault", programs.vault)) },
      scripts: { "/usr/local/bin/docker-entrypoint.sh": '#!/bin/sh\nexec "$@"\n' },
      links: { ...base.links, "/usr/local/bin/vault": "/bin/vault" },
    },
    await awsCli(base, shell),
  ];
  const missing: Record<string, string> = {};
  const kubectl = onPath("kubectl");
  if (kubectl) {
    const own = await withLibraries("/usr/bin/kubectl", realpathSync(kubectl));
    recipes.push({ ...base, name: images.kubectl, programs: { ...shell, ...own } });
  } else missing[images.kubectl] = "kubectl on PATH";
  for (const [program, { image, target }] of Object.entries(FROM_PATH)) {
    const path = onPath(program);
    if (!path) {
      missing[image] = `${program} on PATH`;
      continue;
    }
    const own = await withLibraries(target, path);
    recipes.push({ ...base, name: image, programs: { ...shell, ...own }, entrypoint: [target] });
  }
  return { recipes, missing };
}

/** The AWS command line with its Python, where they are on this machine. */
async function awsCli(
  base: Partial<ImageRecipe>,
  shell: Readonly<Record<string, string>>,
): Promise<ImageRecipe> {
  const python = realpathSync(join(awsPrograms, "python"));
  const installation = dirname(dirname(python));
  const environment = dirname(awsPrograms);
  const { stdout } = await run("find", [installation, environment, "-name", "*.so*", "-type", "f"], {
    env: { PATH: searchPath() },
  });
  const libraries = await libraryFiles([python, ...stdout.split("\n").filter(Boolean)]);
  return {
    ...base,
    name: images.awsCli,
    programs: { ...shell, ...libraries },
    trees: [installation, environment],
    // The emulator and tests of libraries are no part of the command.
    exclude: ["__pycache__", "*/site-packages/moto", "*/site-packages/cfnlint", "*/lib/python3*/test", "*.a"],
    links: { ...base.links, "/usr/local/bin/aws": join(awsPrograms, "aws") },
  };
}

/** A program and the libraries that it is linked with, by their paths in an image. */
async function withLibraries(target: string, program: string): Promise<Record<string, string>> {
  const path = realpathSync(program);
  return { [target]: path, ...(await libraryFiles([path])) };
}

async function libraryFiles(programs: readonly string[]): Promise<Record<string, string>> {
  const { stdout } = await run("ldd", programs, { env: { PATH: searchPath() } });
  const found = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map(([, path]) => path);
  return Object.fromEntries([...new Set(found)].map((path) => [path, realpathSync(path)]));
}

function applets(): string[] {
  const { stdout } = spawnSync(onPath("busybox") as string, ["--list"], { encoding: "utf8" });
  const list = (stdout ?? "").split("\n").filter((name) => name && name !== "busybox");
  if (list.length === 0) throw new Problem("busybox on PATH has no list of its applets (busybox --list).");
  return list;
}
