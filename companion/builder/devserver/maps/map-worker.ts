import { SourceMap } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { MapQuestion, MapTold, ScriptPlace } from './map-reader.ts';

// Apart from the companion: maps are large, and the project may have made them to be so.

/** Maps that are kept read. */
const MAX_KEPT = 12;

interface ReadMap {
  map: SourceMap;
  /** What its sources are below. */
  sourceRoot: string;
}

const kept = new Map<string, ReadMap>();

parentPort?.on('message', ({ id, key, map, place }: MapQuestion) => {
  let told: MapTold = { id };
  try {
    if (map) keep(key, map);
    const read = kept.get(key);
    if (place) told = read ? { id, place: find(read, place) } : { id, isUnknown: true };
  } catch {
    // No map: nothing is known of the place.
  }
  parentPort?.postMessage(told);
});

function keep(key: string, given: Uint8Array): void {
  // Some servers put a line before it, against scripts of other pages that include it.
  const text = Buffer.from(given)
    .toString('utf8')
    .replace(/^\)\]\}'[^\n]*\n/, '');
  const payload = JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0];
  const sourceRoot = payload.sourceRoot ? payload.sourceRoot.replace(/\/?$/, '/') : '';
  kept.set(key, { map: new SourceMap(payload), sourceRoot });
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) break;
    kept.delete(oldest);
  }
}

function find({ map, sourceRoot }: ReadMap, { line, column }: ScriptPlace): MapTold['place'] {
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry) || !entry.originalSource) return undefined;
  return {
    source: sourceRoot + entry.originalSource,
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
}
