// Loaded before the CDK app. Constructs then record the position in the source at which they are created.
// The ordinary output has no line numbers, because every edit would change them.
const { whenLoaded } = require("./when-loaded.cjs");

whenLoaded("constructs/lib/construct.js", ({ Node }) => {
  const { addMetadata } = Node.prototype;
  Node.prototype.addMetadata = function (type, data, options) {
    addMetadata.call(this, type, data, { ...options, stackTrace: true });
  };
});
