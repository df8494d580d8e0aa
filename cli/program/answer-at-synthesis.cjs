// Loaded before the CDK app. When the app would write its stacks, a reader evaluates it instead.
const { appendFileSync } = require("node:fs");
const { whenLoaded } = require("./when-loaded.cjs");

whenLoaded("cdktf/lib/app.js", ({ App }) => {
  App.prototype.synth = function () {
    const { VAULT_PLATFORM_READER: reader, VAULT_PLATFORM_ANSWERS: file } = process.env;
    if (reader.endsWith(".ts")) require("tsx/cjs");
    appendFileSync(file, `${JSON.stringify(require(reader).read(this))}\n`);
  };
});
