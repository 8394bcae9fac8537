import './screen.css';
import type { ComponentChildren } from 'preact';
import { IconButton } from '../design/button.tsx';
import { BackIcon, CloseIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import { ListToggle } from './list-toggle.tsx';
import { wide } from './wide.ts';

interface ScreenHeaderProps {
  title: string;
  /** Ways to other screens. */
  children?: ComponentChildren;
}

/** The head of a screen that is not a preview: the way back, and what it is. */
export function ScreenHeader({ title, children }: ScreenHeaderProps) {
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
      {children}
      {home.close && (
        <IconButton label={text('action.close')} icon={<CloseIcon />} onClick={() => home.close?.()} />
      )}
    </header>
  );
}
