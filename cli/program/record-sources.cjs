// Loaded before the CDK app: constructs then note where in the source they were made. Line numbers stay out of the
// ordinary output, because every edit would change them.
const { whenLoaded } = require("./when-loaded.cjs");

whenLoaded("constructs/lib/construct.js", ({ Node }) => {
  const { addMetadata } = Node.prototype;
  Node.prototype.addMetadata = function (type, data, options) {
    addMetadata.call(this, type, data, { ...options, stackTrace: true });
  };
});
