import { Prose } from '../design/prose.tsx';
import { BoardIcon, ConsoleIcon, FolderIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { AddSource } from './add-source.tsx';

/** The first thing a person sees: what this is for, and the one thing to do. */
export function AttemptsEmpty({ onAdded }: { onAdded: () => void }) {
  return (
    <div class="attempts-empty">
      <h2>{text('attempts.empty.title')}</h2>
      <p class="quiet">{text('attempts.empty.body')}</p>
      <AddSource onDone={onAdded} />
      <ul class="quiet">
        <li>
          <FolderIcon />
          <span>{text('attempts.empty.step.repository')}</span>
        </li>
        <li>
          <BoardIcon />
          <span>{text('attempts.empty.step.board')}</span>
        </li>
        <li>
          <ConsoleIcon />
          <Prose>{text('attempts.empty.step.command')}</Prose>
        </li>
      </ul>
    </div>
  );
}
