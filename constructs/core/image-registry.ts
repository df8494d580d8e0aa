import { FormatError, rejection } from "./format-error";
import { Host } from "./host";
import { HostPort } from "./host-port";

/** Lower-case letters and digits, with one dot, one or two underscores or any dashes in between. */
const FOLDER = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/;

const ALLOWED = "a registry host without a scheme, such as registry.example.com/mirror";

/** Image registry, optionally with a folder. Images have the same paths below it as in their original registry. */
export class ImageRegistry {
  /**
   * Parses a registry.
   * @throws FormatError for a host without a dot and a port, which would be a folder of Docker Hub
   */
  static parse(text: string): ImageRegistry {
    const [domain, ...folders] = text.split("/");
    if (!isRegistryDomain(domain) || !folders.every(isImageFolder)) throw new FormatError(ALLOWED);
    return new ImageRegistry(text);
  }

  private constructor(private readonly text: string) {}

  /** Returns the registry as it was given. */
  toString(): string {
    return this.text;
  }
}

/**
 * Returns true if container runtimes read the first part of an image as a registry: it has a dot or a port, or is
 * `localhost`.
 */
export function isRegistryDomain(text: string): boolean {
  if (text === "localhost") return true;
  const parse = /\]$|^[^:]*$/.test(text) ? parseBracketed : HostPort.parse;
  return /[.:]/.test(text) && rejection(parse, text) === undefined;
}

/** Returns true for a valid folder in the path of an image. */
export function isImageFolder(text: string): boolean {
  return FOLDER.test(text);
}

function parseBracketed(text: string): Host {
  return HostPort.parse(`${text}:443`).host;
}
