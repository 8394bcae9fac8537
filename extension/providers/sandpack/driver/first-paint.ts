/** An app that shows nothing counts as painted this long after it ran. */
const NOTHING_TO_SHOW_MS = 1_500;

/**
 * Milliseconds from the navigation to the first content on screen that the app can have put there: after `canPaint`.
 * `appRan`: from then on it has had its chance to.
 */
export function firstPaint(canPaint: Promise<void>, appRan = canPaint): Promise<number> {
  const painted = new Promise<void>((resolve) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName('first-contentful-paint').length > 0) resolve();
    });
    observer.observe({ type: 'paint', buffered: true });
    void appRan.then(() => setTimeout(resolve, NOTHING_TO_SHOW_MS));
  });
  return Promise.all([canPaint, painted]).then(() => {
    const [entry] = performance.getEntriesByName('first-contentful-paint');
    return entry?.startTime ?? performance.now();
  });
}
