// Parts of the app that are fetched when they are first shown: what draws maps is as large as the rest together.

const once = <T>(load: () => Promise<T>) => {
  let found: Promise<T> | null = null;
  return () =>
    (found ??= load().catch((reason: unknown) => {
      found = null;
      throw reason;
    }));
};

export const loaded = {
  map: once(() => import('./Map.svelte')),
  placeMap: once(() => import('../map/PlaceMap.svelte')),
  routeMap: once(() => import('../map/RouteMap.svelte')),
};
