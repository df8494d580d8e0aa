import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { charts, images, paymentService } from "../../environments/shared";
import { awsPrograms } from "../emulator";
import { UserError } from "../../constructs/core/user-error";
import { run } from "../../cli/processes";
import { findPsql } from "../tools";
import type { ImageRecipe } from "./image";
import { BUSYBOX_IMAGE, COREDNS_IMAGE, PAUSE_IMAGE, STORAGE_IMAGE } from "./node";
import { type NodePrograms, onPath, searchPath } from "./programs";

/** Images that cannot be made on this machine: the missing program or package by the name of the image. */
export type MissingImages = Readonly<Record<string, string>>;

/** Programs of optional components, by component. */
export const OPTIONAL = {
  injector: ["vault-k8s"],
  certManager: ["controller", "webhook", "cainjector", "startupapicheck"].map((it) => `cert-manager-${it}`),
  externalSecrets: ["external-secrets"],
} as const;

/** Returns true if this machine has the programs, which the node's images are made of. */
export function onNode(programs: readonly string[]): boolean {
  return programs.every((program) => onPath(program) !== undefined);
}

/** File with the trusted certificates in the images: the machine's own and that of the platform's CA. */
const TRUSTED = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Images that are made of one program from PATH. The sources of these programs are not Go modules that can be built by
 * name, so they are not built here.
 */
function fromPath(): Record<string, { image: string; target: string; user: string }> {
  const certManager = imageVersion("cert-manager", charts.certManager);
  const externalSecrets = imageVersion("external-secrets", charts.externalSecrets);
  return {
    "vault-k8s": { image: images.vaultAgentInjector, target: "/bin/vault-k8s", user: "100" },
    "external-secrets": {
      image: `ghcr.io/external-secrets/external-secrets:${externalSecrets}`,
      target: "/bin/external-secrets",
      user: "65534",
    },
    ...Object.fromEntries(
      OPTIONAL.certManager.map((program) => [
        program,
        {
          image: `quay.io/jetstack/${program}:${certManager}`,
          target: `/app/${program.slice("cert-manager-".length)}`,
          user: "1000",
        },
      ]),
    ),
  };
}

/** Image tag that a chart requests: the appVersion of a chart in a folder (`CHARTS`), else the version in use. */
function imageVersion(chart: string, version: string): string {
  const file = process.env.CHARTS && join(process.env.CHARTS, chart, "Chart.yaml");
  if (!file || !existsSync(file)) return `v${version}`;
  // If a key occurs twice, the last one counts, as in Helm.
  const chartFile = parse(readFileSync(file, "utf8"), { uniqueKeys: false }) as { appVersion: string };
  return chartFile.appVersion;
}

/** Recipes of the images for the node itself, and of the stacks' images that can be made on this machine. */
export async function imageRecipes(
  programs: NodePrograms,
  caCertificate: string,
  shipper?: string,
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
    // The pause process of a pod ends on a signal, and collects the pod's ended processes.
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
    // The example service: it serves HTTP as long as it runs, and contains a client of its database.
    {
      ...base,
      name: paymentService.deployment.image,
      programs: { ...shell, ...(await withLibraries("/usr/bin/psql", requirePsql())) },
      scripts: {
        [paymentService.deployment.command[0]]:
          "#!/bin/sh\nhttpd -f -p 8080 -h /tmp &\ntrap 'kill $!' TERM\nwait $!\n",
      },
    },
  ];
  const missing: Record<string, string> = {};
  if (shipper) {
    const commands = ["syslog-ng", "syslog-ng-ctl"].map((name) => [`/usr/sbin/${name}`, join(shipper, name)]);
    recipes.push({
      ...base,
      name: images.auditShipper,
      programs: shell,
      trees: [shipper],
      links: { ...base.links, ...Object.fromEntries(commands) },
    });
  } else missing[images.auditShipper] = "syslog-ng of Debian's packages";
  const kubectl = onPath("kubectl");
  if (kubectl) {
    const own = await withLibraries("/usr/bin/kubectl", realpathSync(kubectl));
    recipes.push({ ...base, name: images.kubectl, programs: { ...shell, ...own } });
  } else missing[images.kubectl] = "kubectl on PATH";
  for (const [program, { image, target, user }] of Object.entries(fromPath())) {
    const path = onPath(program);
    if (!path) {
      missing[image] = `${program} on PATH`;
      continue;
    }
    const own = await withLibraries(target, path);
    recipes.push({ ...base, name: image, programs: { ...shell, ...own }, entrypoint: [target], user });
  }
  return { recipes, missing };
}

/** Path of psql. @throws UserError if it is missing */
function requirePsql(): string {
  const psql = findPsql();
  if (psql) return psql;
  throw new UserError("The node needs psql; on Debian and its kin: apt-get install postgresql-client");
}

/** Recipe of the AWS CLI image, with the Python and the libraries of this machine. */
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
    // The command does not need the emulator and the tests of libraries.
    exclude: ["*/site-packages/moto", "*/site-packages/cfnlint", "*/lib/python3*/test", "*.a"],
    links: { ...base.links, "/usr/local/bin/aws": join(awsPrograms, "aws") },
  };
}

/** A program and its shared libraries, by their paths in an image. */
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
  if (list.length === 0) throw new UserError("busybox on PATH has no list of its applets (busybox --list).");
  return list;
}
