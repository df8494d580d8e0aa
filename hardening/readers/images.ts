import { isReference } from "./blocks";

/** Name of an image without registry, folder, tag and digest. */
export function imageName(image = ""): string {
  return (image.split("@")[0].split("/").pop() ?? "").split(":")[0];
}

/** True for an image of a version other than latest, for a digest, and for what only Terraform knows. */
export function isPinned(image: string): boolean {
  if (isReference(image) || image.includes("@sha256:")) return true;
  const tag = /:([\w][\w.-]*)$/.exec(image)?.[1];
  // A tag that only Terraform knows is one.
  return tag === undefined ? /:\$\{[^}]*\}$/.test(image) : tag !== "latest";
}
