// Loaded before the CDK app. Writes the suppressions of hardening rules and the owners of services beside the stacks,
// because Terraform's JSON does not contain them.
const { appendFileSync } = require("node:fs");
const { join } = require("node:path");
const { whenLoaded } = require("./when-loaded.cjs");

const TYPES = ["hardening-suppression", "service-owner"];

whenLoaded("cdktf/lib/app.js", ({ App }) => {
  const { synth } = App.prototype;
  App.prototype.synth = function () {
    synth.call(this);
    const facts = this.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => TYPES.includes(type))
          .map(({ type, data }) => JSON.stringify({ type, path: node.path, data })),
      );
    appendFileSync(join(this.outdir, "facts.jsonl"), facts.map((fact) => `${fact}\n`).join(""));
  };
});
