import { isPinned } from "../readers/images";
import type { Rule } from "../rule";
import { forContainers } from "../subjects";

/** Reports images without a version or a digest. */
export const imagePinned: Rule = {
  id: "image-pinned",
  level: "error",
  title: "Images have a version or a digest",
  item: "supply-chain",
  fix: "Name a version other than latest, or a digest.",
  source: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  check: forContainers(({ image }) =>
    image === undefined || isPinned(image) ? [] : [`${image} may be another program tomorrow`],
  ),
};
