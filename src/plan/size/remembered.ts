/**
 * What is found for a number of replicas is found once: a search and its curves come back to the same ones.
 *
 * @param find never undefined
 */
export function remembered<Found>(find: (replicas: number) => Found): (replicas: number) => Found {
  const known = new Map<number, Found>();
  return (replicas) => {
    const there = known.get(replicas);
    if (there !== undefined) return there;
    const found = find(replicas);
    known.set(replicas, found);
    return found;
  };
}
