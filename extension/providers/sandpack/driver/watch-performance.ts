import type { PagePerformance } from '#shared/realtime/page-performance.ts';

/** Changes are told at most this often. */
const TELL_EVERY_MS = 1_000;
/** How often memory is asked for while somebody looks; a change below this is none. */
const MEMORY_EVERY_MS = 10_000;
const MEMORY_STEP_BYTES = 1024 * 1024;

/** Chromium's own. */
type WithMemory = Performance & { memory?: { usedJSHeapSize: number } };
type LayoutShift = PerformanceEntry & { value: number; hadRecentInput: boolean };

/** Tells what the browser measures of the page, as far as this one does. */
export function watchPerformance(tell: (performance: PagePerformance) => void): void {
  const measured: PagePerformance = {};
  let isDue = false;
  const changed = () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      tell({ ...measured });
    }, TELL_EVERY_MS);
  };
  const observe = <E extends PerformanceEntry>(type: string, take: (entry: E) => void) => {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
    const observer = new PerformanceObserver((list) => {
      // The entries of a type are of that type's class.
      for (const entry of list.getEntries()) take(entry as E);
      changed();
    });
    observer.observe({ type, buffered: true });
  };

  observe('paint', ({ name, startTime }) => {
    if (name === 'first-paint') measured.firstPaintMs = startTime;
    if (name === 'first-contentful-paint') measured.firstContentfulPaintMs = startTime;
  });
  observe('largest-contentful-paint', ({ startTime }) => {
    measured.largestContentfulPaintMs = startTime;
  });
  observe<PerformanceNavigationTiming>('navigation', ({ loadEventEnd }) => {
    if (loadEventEnd > 0) measured.loadedMs = loadEventEnd;
  });
  observe('longtask', ({ duration }) => {
    const { count = 0, totalMs = 0, longestMs = 0 } = measured.longTasks ?? {};
    measured.longTasks = {
      count: count + 1,
      totalMs: totalMs + duration,
      longestMs: Math.max(longestMs, duration),
    };
  });
  observe<LayoutShift>('layout-shift', ({ value, hadRecentInput }) => {
    if (!hadRecentInput) measured.layoutShift = (measured.layoutShift ?? 0) + value;
  });

  const { memory } = performance as WithMemory;
  if (memory === undefined) return;
  const look = () => {
    // A new object each time it is asked for.
    const used = (performance as WithMemory).memory?.usedJSHeapSize ?? 0;
    const isNew = Math.abs(used - (measured.memoryBytes ?? 0)) >= MEMORY_STEP_BYTES;
    if (document.visibilityState === 'hidden' || !isNew) return;
    measured.memoryBytes = used;
    changed();
  };
  look();
  setInterval(look, MEMORY_EVERY_MS);
}
