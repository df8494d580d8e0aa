/**
 * Computes a value once per object and stores it in the object. A separate map, with an entry for each of ten thousand
 * blocks and each reader, would cost more than the readers do.
 */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const slot = Symbol();
  return (key) => {
    const holder = key as Record<symbol, V>;
    if (!(slot in holder)) holder[slot] = compute(key);
    return holder[slot];
  };
}
