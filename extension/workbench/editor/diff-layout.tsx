import { IconButton } from '../design/button.tsx';
import { Segments } from '../design/segments.tsx';
import { UnfoldIcon } from '../icons/icons.tsx';
import { remembered } from '../layout/remembered.ts';
import { text } from '../text/text.ts';

/** How diffs are shown, the same everywhere. */
export const diffLayout = remembered<'split' | 'inline'>('diff.layout', (stored) =>
  stored === 'inline' ? 'inline' : 'split',
);
/** Whether diffs show the lines that are as they were, too. */
export const wholeFiles = remembered('diff.whole', (stored) => stored === 'true');

export function DiffLayoutChoice() {
  return (
    <>
      <IconButton
        label={text('editor.diff.whole')}
        icon={<UnfoldIcon />}
        pressed={wholeFiles.value}
        onClick={() => (wholeFiles.value = !wholeFiles.value)}
      />
      <Segments
        label={text('editor.diff.layout')}
        value={diffLayout.value}
        options={[
          { value: 'split', label: text('editor.diff.split') },
          { value: 'inline', label: text('editor.diff.inline') },
        ]}
        onChange={(value) => (diffLayout.value = value)}
      />
    </>
  );
}
