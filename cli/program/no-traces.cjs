// Loaded before the CDK app: cdktf asks for a stack trace of each token, which is then empty. Errors keep theirs.
Error.prepareStackTrace = (object, frames) =>
  object instanceof Error ? [String(object), ...frames].join("\n    at ") : "";
