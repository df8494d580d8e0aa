import type { Construct } from "constructs";
import { received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";

/**
 * Splits an image into what charts ask for. A digest stays with the tag, because `repository:tag@digest` is what
 * charts make of it.
 * @throws ValidationError for an image without a version or with the version `latest`: a node could start another
 * program than the one that was reviewed
 */
export function splitImage(scope: Construct, image: string): { repository: string; tag: string } {
  requirePinnedImage(scope, image);
  const colon = image.lastIndexOf(":", image.includes("@") ? image.indexOf("@") : undefined);
  return { repository: image.slice(0, colon), tag: image.slice(colon + 1) };
}

/** @throws ValidationError for an image without a version or with the version `latest` */
export function requirePinnedImage(scope: Construct, image: string): void {
  if (
    isLiteral(image) &&
    !/^[\w.-]+(:\d+)?(\/[\w.-]+)*:(?!latest(@|$))[\w][\w.-]*(@sha256:[0-9a-f]{64})?$/.test(image)
  ) {
    throw new ValidationError(
      scope,
      `an image must have a version other than latest, such as hashicorp/vault:1.21.0, got ${received(image)}`,
    );
  }
}

/**
 * The copy of an image in another registry, under the same path: `public.ecr.aws/aws-cli/aws-cli:2` is then
 * `registry.example.com/mirror/aws-cli/aws-cli:2`.
 * @param registry host and path of the registry with the copies; none: the image itself
 */
export function mirroredImage(image: string, registry?: string): string {
  if (registry === undefined) return image;
  // A first part with a dot, a port or the name localhost is a registry, as container runtimes read it.
  const path = image.replace(/^([\w-]*[.:][\w.:-]*|localhost)\//, "");
  return `${registry}/${path}`;
}
