/**
 * Spares the engine the stack trace that it takes for every reference it makes, which is half the time of a large
 * program. It needs them for messages about references that cannot be resolved, and for nothing else.
 */
export function withoutTokenTraces<T>(work: () => T): T {
  const original = Error.captureStackTrace;
  Error.captureStackTrace = (object, below) => {
    // The engine gives an object whose trace is empty, and takes it so.
    if (below?.name !== "captureStackTrace") original(object, below);
  };
  try {
    return work();
  } finally {
    Error.captureStackTrace = original;
  }
}
