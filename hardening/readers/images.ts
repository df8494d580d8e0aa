import { isReference } from "./blocks";

/** Name of an image without registry, folder, tag and digest. */
export function imageName(image = ""): string {
  return (image.split("@")[0].split("/").pop() ?? "").split(":")[0];
}

/** Returns true for a digest, for a version other than latest, and for an image that only Terraform knows. */
export function isPinned(image: string): boolean {
  if (isReference(image) || image.includes("@sha256:")) return true;
  const tag = /:([\w][\w.-]*)$/.exec(image)?.[1];
  // A tag that only Terraform knows counts as a version.
  return tag === undefined ? /:\$\{[^}]*\}$/.test(image) : tag !== "latest";
}
