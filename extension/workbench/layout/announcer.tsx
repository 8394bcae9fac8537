import { useEffect } from 'preact/hooks';
import { useWorkbench } from '../workbench-context.ts';

/** As long as what it tells can be undone. */
const SHOWN_MS = 6_000;

/** One short message at a time, at the foot of the workbench and for screen readers. */
export function Announcer() {
  const { announcement, announcementAction } = useWorkbench();
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
      {message && (
        <span class="announcement">
          <bdi>{message}</bdi>
          {announcementAction.value && (
            <button
              type="button"
              class="announcement-action"
              onClick={() => {
                announcement.value = '';
                announcementAction.peek()?.run();
              }}
            >
              {announcementAction.value.label}
            </button>
          )}
        </span>
      )}
    </div>
  );
}
