import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../constructs/core/user-error";
import { run } from "../../cli/processes";
import { searchPath } from "./programs";

/** Content of an image and its start command. */
export interface ImageRecipe {
  /** Image name as pods request it, in the format of Kubernetes. */
  readonly name: string;
  /** Files of this machine by their paths in the image; executable. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Text files by their paths in the image. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Scripts by their paths in the image; executable. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Targets of symbolic links, by the paths of the links in the image. */
  readonly links?: Readonly<Record<string, string>>;
  /** Folders that are copied unchanged, to the same path. */
  readonly trees?: readonly string[];
  /** tar patterns of files in those folders that are left out. */
  readonly exclude?: readonly string[];
  /** Command line of the image. @default - none; pods must set one */
  readonly entrypoint?: readonly string[];
  /** Environment variables besides PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Numeric id of the user that runs the process. @default - root */
  readonly user?: string;
}

/** A fixed date, so that the same parts make the same image. */
const EPOCH = "1970-01-01T00:00:00Z";

/** Files of the node's registry: blobs by their digests, and manifests by the names of the images. */
export const imagePlaces = (folder: string) => ({
  blobs: join(folder, "blobs"),
  index: join(folder, "index.json"),
});

/** Media type of an image manifest. */
export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/**
 * Builds an image with one layer.
 * @param folder - folder for its blobs
 * @returns digest of its manifest
 */
export async function buildImage(recipe: ImageRecipe, folder: string): Promise<string> {
  const draft = join(folder, "draft");
  rmSync(draft, { recursive: true, force: true });
  const root = join(draft, "root");
  const { blobs } = imagePlaces(folder);
  for (const path of ["etc", "tmp", "var/run", "proc", "sys", "dev"])
    mkdirSync(join(root, path), { recursive: true });
  mkdirSync(blobs, { recursive: true });
  fill(root, recipe);
  await copyTrees(root, recipe);
  const layer = join(draft, "layer.tar");
  // Python compares file times to find out whether its compiled files are current, so trees keep their times.
  const times = recipe.trees ? [] : ["--mtime=@0"];
  await tar(["--create", `--file=${layer}`, ...REPRODUCIBLE, ...times, "-C", root, "."]);
  const layerDigest = await fileDigest(layer);
  const layerSize = statSync(layer).size;
  renameSync(layer, join(blobs, layerDigest));

  const put = (content: object) => {
    const text = JSON.stringify(content);
    const digest = createHash("sha256").update(text).digest("hex");
    writeFileSync(join(blobs, digest), text);
    return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
  };
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const config = put({
    created: EPOCH,
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: {
      User: recipe.user ?? "",
      Env: Object.entries({ PATH: path, ...recipe.environment }).map(([name, value]) => `${name}=${value}`),
      Entrypoint: recipe.entrypoint ?? null,
      WorkingDir: "/",
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
  });
  const manifest = put({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: [
      {
        mediaType: "application/vnd.oci.image.layer.v1.tar",
        digest: `sha256:${layerDigest}`,
        size: layerSize,
      },
    ],
  });
  rmSync(draft, { recursive: true, force: true });
  return manifest.digest;
}

const REPRODUCIBLE = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner"];

function fill(root: string, { programs = {}, texts = {}, scripts = {}, links = {} }: ImageRecipe): void {
  const at = (path: string) => {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    return target;
  };
  for (const [path, source] of Object.entries(programs)) {
    copyFileSync(source, at(path));
    chmodSync(join(root, path), 0o755);
  }
  for (const [path, text] of Object.entries(texts)) writeFileSync(at(path), text, { mode: 0o644 });
  for (const [path, text] of Object.entries(scripts)) writeFileSync(at(path), text, { mode: 0o755 });
  for (const [path, target] of Object.entries(links)) symlinkSync(target, at(path));
  chmodSync(join(root, "tmp"), 0o1777);
}

/** Copies the folders so that all users can read them in the image, whatever their permissions on this machine. */
async function copyTrees(root: string, { trees = [], exclude = [] }: ImageRecipe): Promise<void> {
  for (const tree of trees) {
    const parent = join(root, dirname(tree));
    mkdirSync(parent, { recursive: true });
    const archive = join(root, "..", "tree.tar");
    const patterns = exclude.map((pattern) => `--exclude=${pattern}`);
    await tar(["--create", `--file=${archive}`, "--mode=a+rX", ...patterns, "-C", "/", tree.slice(1)]);
    await tar(["--extract", `--file=${archive}`, "-C", root]);
    rmSync(archive);
  }
}

/** Full image name as registries use it: `busybox:1` is `docker.io/library/busybox:1`. */
export function fullName(image: string): string {
  const [first, ...rest] = image.split("/");
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) return image;
  return rest.length > 0 ? `docker.io/${image}` : `docker.io/library/${image}`;
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function tar(args: readonly string[]): Promise<void> {
  const { code, stderr } = await run("tar", args, { env: { PATH: searchPath() } });
  if (code !== 0) throw new UserError(`tar failed:\n${stderr.trim()}`);
}
