import type { Source } from "../../../../analysis/kubernetes/objects";
import type { ApiObject } from "./random-rbac";

/** Names of the blocks of typed resources, by the names of the lists in Kubernetes. */
const BLOCKS: Readonly<Record<string, string>> = {
  rules: "rule",
  subjects: "subject",
  nonResourceURLs: "non_resource_urls",
};

const MAPS = ["labels", "matchLabels"];

/** Object as the typed resource of Terraform. */
export function typed({ kind, apiVersion: _apiVersion, ...rest }: ApiObject): Source {
  const type = `kubernetes${snake(kind.replace(/^./, (letter) => `_${letter.toLowerCase()}`))}_v1`;
  return { type, attributes: snakeBlock(rest) as Source["attributes"] };
}

function snakeBlock(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeBlock);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      BLOCKS[key] ?? snake(key),
      MAPS.includes(key) ? item : snakeBlock(item),
    ]),
  );
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
