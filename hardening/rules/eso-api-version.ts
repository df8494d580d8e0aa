import { customResourcesOf } from "../readers/custom-resources";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

const GROUP = "external-secrets.io/";

/** Reports objects of External Secrets with an API version that is no longer served. */
export const esoApiVersion: Rule = {
  id: "eso-api-version",
  level: "error",
  title: "Objects of External Secrets have a version that is served",
  item: "server",
  fix: "Use external-secrets.io/v1.",
  source: "https://external-secrets.io/latest/introduction/stability-support/",
  check: forElements(
    (element) => customResourcesOf(element).some(({ apiVersion }) => apiVersion.startsWith(GROUP)),
    (element) =>
      customResourcesOf(element)
        .filter(({ apiVersion }) => apiVersion.startsWith(GROUP) && apiVersion !== `${GROUP}v1`)
        .map(
          ({ kind, name, apiVersion }) => `${kind} ${name} has ${apiVersion}, which is not served any more`,
        ),
  ),
};
