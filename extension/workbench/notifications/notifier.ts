import { effect, type ReadonlySignal } from '@preact/signals';
import type { Environment } from '#shared/api/environment.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import { type News, newsBetween } from './news.ts';
import type { SystemNotification } from './system-notifications.ts';

/** News of one such time are told together. */
const GATHER_MS = 400;
/** More than this at once are one notification. */
const MOST_AT_ONCE = 2;
const LONGEST_TITLE = 120;

export interface NotifierOptions {
  /** Undefined while the list is not known. */
  environments: ReadonlySignal<ReadonlyMap<string, Environment> | undefined>;
  /** Whether the person looks at the workbench at all, and at this environment in it. */
  isLookedAt(): boolean;
  isShown(id: string): boolean;
  /** For whoever looks elsewhere. */
  notify(notification: SystemNotification): void;
  /** For whoever looks at another part of the workbench. */
  announce(message: string, show: () => void): void;
  show(id: string): void;
  showAll(): void;
}

/** Tells what became of previews nobody is looking at: ready, failed, crashed. Returns the way to end it. */
export function followNews(options: NotifierOptions): () => void {
  let before: ReadonlyMap<string, Environment> | undefined;
  let gathered = new Map<string, News>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const now = options.environments.value;
    if (!now) return;
    for (const news of before ? newsBetween(before, now) : []) gathered.set(news.environment.id, news);
    before = now;
    if (gathered.size > 0)
      timer ??= setTimeout(() => {
        timer = undefined;
        const news = [...gathered.values()];
        gathered = new Map();
        tell(news, options);
      }, GATHER_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

function tell(all: News[], options: NotifierOptions): void {
  const isHere = options.isLookedAt();
  const news = isHere ? all.filter(({ environment }) => !options.isShown(environment.id)) : all;
  if (news.length > MOST_AT_ONCE) {
    const message = summary(news);
    if (isHere) options.announce(message, options.showAll);
    else
      options.notify({
        id: 'many',
        title: text('notify.many.title'),
        body: message,
        onClick: options.showAll,
      });
    return;
  }
  for (const { kind, environment } of news) {
    const { id } = environment;
    const title = withoutDirectionMarks(environment.title || text('attempts.untitled')).slice(
      0,
      LONGEST_TITLE,
    );
    const show = () => options.show(id);
    if (isHere) options.announce(text(`notify.${kind}`, { title }), show);
    else options.notify({ id, title: text(`notify.${kind}.title`), body: title, onClick: show });
  }
}

function summary(news: News[]): string {
  const count = (kind: News['kind']) => news.filter((each) => each.kind === kind).length;
  return text('notify.many', { ready: count('ready'), failed: count('failed') + count('crashed') });
}
