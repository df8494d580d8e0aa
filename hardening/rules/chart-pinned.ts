import { text } from "../readers/blocks";
import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports Helm releases without an exact chart version. */
export const chartPinned: Rule = {
  id: "chart-pinned",
  level: "error",
  title: "Charts have an exact version",
  item: "supply-chain",
  fix: "Name an exact version of the chart, or a folder that holds it.",
  source: "https://helm.sh/docs/helm/helm_install/",
  check: forResources(["helm_release"], ({ body }) => {
    const chart = text(body.chart) ?? "";
    const isFolder = /^(\.{0,2}\/|\$\{|assets\/)|\.tgz$/.test(chart) && body.repository === undefined;
    const version = textOf(body, "version") ?? "";
    if (isFolder || /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/.test(version)) return [];
    return [`the version of chart ${chart} is ${version || "whichever is the latest"}`];
  }),
};
