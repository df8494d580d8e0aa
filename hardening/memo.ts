/**
 * Computes once for each object, and keeps the result in the object itself: a map beside them, with an entry for each
 * of ten thousand blocks and each reader, costs more than what the readers do.
 */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const slot = Symbol();
  return (key) => {
    const holder = key as Record<symbol, V>;
    if (!(slot in holder)) holder[slot] = compute(key);
    return holder[slot];
  };
}
