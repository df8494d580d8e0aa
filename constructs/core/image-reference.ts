import type { IConstruct } from "constructs";
import { FormatError, parseProperty } from "./format-error";
import { isImageFolder, isRegistryDomain } from "./image-registry";

const DOCKER_HUB = "docker.io";
/** Most characters of registry and path together. */
const LONGEST_NAME = 255;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

const PINNED = "an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow";

/**
 * Image reference, as container runtimes read it.
 * @see https://github.com/distribution/reference/blob/v0.6.0/reference.go
 */
export class ImageReference {
  /**
   * Parses an image reference.
   * @throws FormatError for text that the kubelet rejects with InvalidImageName
   */
  static parse(text: string): ImageReference {
    const [, name, tag, digest] = /^([^@]*?)(?::([^/:@]*))?(?:@(.*))?$/s.exec(text)!;
    const [first, ...rest] = name.split("/");
    const hasDomain = rest.length > 0 && (isRegistryDomain(first) || /[.:A-Z]/.test(first));
    const folders = hasDomain ? rest : [first, ...rest];
    if (hasDomain && !isRegistryDomain(first)) {
      throw new FormatError("an image whose registry is a host in lower case, perhaps with a port");
    }
    if (!folders.every(isImageFolder)) {
      throw new FormatError(
        "an image whose path is lower-case letters and digits, separated by /, -, one dot or underscores",
      );
    }
    const path = folders.join("/");
    const official = !path.includes("/") && [undefined, DOCKER_HUB].includes(hasDomain ? first : undefined);
    const full = `${hasDomain ? first : DOCKER_HUB}/${official ? "library/" : ""}${path}`;
    if (full.length > LONGEST_NAME) {
      throw new FormatError(`an image of at most ${LONGEST_NAME} characters without its tag`);
    }
    // 64 hexadecimal digits are the id of an image and not a name.
    if (/^[0-9a-f]{64}$/.test(text)) throw new FormatError("an image with a name");
    if (tag !== undefined && !TAG.test(tag)) {
      throw new FormatError(
        "an image whose tag is at most 128 letters, digits, dots, dashes and underscores",
      );
    }
    if (digest !== undefined && !DIGEST.test(digest)) {
      throw new FormatError("an image whose digest is sha256, sha384 or sha512 in lower-case hex");
    }
    return new ImageReference(name, path, tag, digest);
  }

  /**
   * Parses an image with a fixed version. With a moving tag, a node could start another program than the reviewed one.
   * @throws FormatError for an image without a tag and for the tag `latest`
   */
  static parsePinned(text: string): ImageReference {
    const image = ImageReference.parse(text);
    if (image.tag === undefined || image.tag === "latest") throw new FormatError(PINNED);
    return image;
  }

  private constructor(
    /** Registry, if there is one, and path. */
    readonly name: string,
    /** Path in the registry. */
    readonly path: string,
    /** Tag, if there is one. */
    readonly tag: string | undefined,
    /** Digest, if there is one. */
    readonly digest: string | undefined,
  ) {}

  /** Tag and digest, as charts append them to the repository after a colon. */
  get version(): string {
    const digest = this.digest === undefined ? "" : `@${this.digest}`;
    return `${this.tag ?? ""}${digest}`;
  }

  /** Returns the copy of a pinned image in another registry, under the same path. */
  inRegistry(registry: string): string {
    return `${registry}/${this.path}:${this.version}`;
  }
}

/**
 * Requires an image with a fixed version.
 * @throws ValidationError for text that is not an image, and for one without a version or with `latest`
 */
export function requirePinnedImage(scope: IConstruct, property: string, image: string): void {
  parseProperty(scope, property, image, ImageReference.parsePinned);
}
