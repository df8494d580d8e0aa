// Loaded before the CDK app. cdktf requests a stack trace for each token, which is then empty. Errors keep their
// traces.
Error.prepareStackTrace = (object, frames) =>
  object instanceof Error ? [String(object), ...frames].join("\n    at ") : "";
