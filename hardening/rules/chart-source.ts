import { blocks } from "../readers/blocks";
import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports charts that anyone on the way can replace, or that a program changes. */
export const chartSource: Rule = {
  id: "chart-source",
  level: "error",
  title: "Charts come over TLS, and no program changes what they render",
  item: "supply-chain",
  fix: "Use an https or oci repository, and take postrender out: the rules judge values and not the program's output.",
  source: "https://helm.sh/docs/topics/provenance/",
  check: forResources(["helm_release"], ({ body }) => [
    ...["repository", "chart"]
      .filter((name) => /^http:/i.test((textOf(body, name) ?? "").trim()))
      .map((name) => `${name} is loaded by http`),
    ...(blocks(body.postrender).length > 0 || typeof body.postrender === "string"
      ? ["postrender changes what the chart renders, which nobody judges"]
      : []),
  ]),
};
