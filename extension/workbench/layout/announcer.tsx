import { useEffect } from 'preact/hooks';
import { useWorkbench } from '../workbench-context.ts';

const SHOWN_MS = 5_000;

/** One short message at a time, at the foot of the workbench and for screen readers. */
export function Announcer() {
  const { announcement } = useWorkbench();
  const message = announcement.value;
  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(() => {
      announcement.value = '';
    }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [announcement, message]);
  return (
    <div class="announcer" role="status">
      {message && <bdi class="announcement">{message}</bdi>}
    </div>
  );
}
