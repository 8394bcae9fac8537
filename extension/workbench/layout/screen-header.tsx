import './screen.css';
import { IconButton } from '../design/button.tsx';
import { BackIcon, CloseIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import { ListToggle } from './list-toggle.tsx';
import { wide } from './wide.ts';

/** The head of a screen that is not a preview: the way back, and what it is. */
export function ScreenHeader({ title }: { title: string }) {
  const { view, home } = useWorkbench();
  return (
    <header class="screen-header">
      {wide.value ? (
        <ListToggle />
      ) : (
        <IconButton
          label={text('action.back-to-list')}
          icon={<BackIcon />}
          onClick={() => view.showAttempts()}
        />
      )}
      <h1>{title}</h1>
      {home.close && (
        <IconButton label={text('action.close')} icon={<CloseIcon />} onClick={() => home.close?.()} />
      )}
    </header>
  );
}
