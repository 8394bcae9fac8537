import { Segments } from '../design/segments.tsx';
import { remembered } from '../layout/remembered.ts';
import { text } from '../text/text.ts';

/** How diffs are shown, the same everywhere. */
export const diffLayout = remembered<'split' | 'inline'>('diff.layout', (stored) =>
  stored === 'inline' ? 'inline' : 'split',
);

export function DiffLayoutChoice() {
  return (
    <Segments
      label={text('editor.diff.layout')}
      value={diffLayout.value}
      options={[
        { value: 'split', label: text('editor.diff.split') },
        { value: 'inline', label: text('editor.diff.inline') },
      ]}
      onChange={(value) => (diffLayout.value = value)}
    />
  );
}
