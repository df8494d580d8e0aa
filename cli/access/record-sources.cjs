// Loaded before the program: constructs then note where in the source they were made. Line numbers stay out of the
// ordinary output, because every edit would change them.
const { Node } = require("constructs");

const { addMetadata } = Node.prototype;

Node.prototype.addMetadata = function (type, data, options) {
  addMetadata.call(this, type, data, { ...options, stackTrace: true });
};
