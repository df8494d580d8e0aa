/** Attributes of a data source that select what it reads. */
export const SELECTORS: readonly string[] = ["description", "id", "tags"];

/** Attributes that cannot affect access, in every type that does not list them otherwise, with the reason. */
export const INERT: Readonly<Record<string, string>> = {
  "//": "metadata of the construct",
  id: "computed by the provider",
  description: "a text for readers",
  tags: "labels for cost and search; a condition on a tag is part of the policy that has it",
  tags_all: "the tags, with those of the provider",
  timeouts: "how long Terraform waits",
  depends_on: "the order in which Terraform works",
  "lifecycle.create_before_destroy": "the order in which Terraform replaces",
  wait: "how long Terraform waits",
  wait_for: "how long Terraform waits",
  wait_for_completion: "how long Terraform waits",
  wait_for_rollout: "how long Terraform waits",
  wait_until_bound: "how long Terraform waits",
};
