// Patterns of test files, by what they need.

/**
 * Tests that start whole programs, such as shells, servers, Terraform or this project's own commands, and those that
 * take as long: they compile every snippet of the pages, or synthesize the platform in every way.
 */
exports.programs = [
  "/__tests__/audit/(ship-audit|siem-sink)[.]test",
  "/__tests__/aws/(policy-documents|provider-floor|regions-in-terraform)[.]test",
  "/__tests__/cli/(access/program|program/.*|changed|connect(-processes)?|deploy|diff|drift|env|main|workflow-identity)[.]test",
  "/__tests__/cluster/surroundings[.]test",
  "/__tests__/delivery/plan[.]test",
  "/__tests__/docs/(running-)?snippets[.]test",
  "/__tests__/enterprise/dr-replication[.]test",
  "/__tests__/examples/.*[.]test",
  "/__tests__/local/.*[.]test",
  "/__tests__/(main|workflow-programs)[.]test",
  "/__tests__/observability/(alerts/.*|on-vault)[.]test",
  "/__tests__/scripts/.*[.]test",
  "/__tests__/stacks/(deploy-order|layers|partitions-plan|recovery-plan)[.]test",
  "-(on-vault|scripts)[.]test",
];

/** Tests of the running local platform. */
exports.localPlatform = ["/__tests__/local-platform/"];

/** Tests of the four stacks on a real cluster. */
exports.realCluster = ["/__tests__/real-cluster/"];

/** Tests of the packed package in other projects; they install it and all that it needs. */
exports.packed = ["/__tests__/package/"];
