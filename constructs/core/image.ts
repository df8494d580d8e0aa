import type { Construct } from "constructs";
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
      `an image must have a version other than latest, such as hashicorp/vault:1.21.0, got ${image}`,
    );
  }
}
