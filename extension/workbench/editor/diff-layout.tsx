import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { IconButton } from '../design/button.tsx';
import { Segments } from '../design/segments.tsx';
import { UnfoldIcon } from '../icons/icons.tsx';
import { remembered } from '../layout/remembered.ts';
import { text } from '../text/text.ts';
import type { EditorModel } from './editor-model.ts';

/** Two sides narrower than this together break nearly every line. CSS pixels. */
const LEAST_SPLIT_PX = 720;

/** How somebody wants to see diffs, the same everywhere; as there is room until somebody has said. */
const chosenLayout = remembered<'split' | 'inline' | 'room'>('diff.layout', (stored) =>
  stored === 'inline' || stored === 'split' ? stored : 'room',
);
/** Whether diffs show the lines that are as they were, too. */
export const wholeFiles = remembered('diff.whole', (stored) => stored === 'true');

/** How an editor shows diffs now. */
export function diffLayoutOf(editor: EditorModel): 'split' | 'inline' {
  const chosen = chosenLayout.value;
  if (chosen !== 'room') return chosen;
  return editor.diffWidth.value < LEAST_SPLIT_PX ? 'inline' : 'split';
}

interface DiffBarProps {
  editor: EditorModel;
  /** What is compared with what. */
  what: string;
  children?: ComponentChildren;
}

/** What stands above diffs: what they are, and how they are shown. As wide as they are. */
export function DiffBar({ editor, what, children }: DiffBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      // None while it is hidden.
      if (element.offsetWidth > 0) editor.diffWidth.value = element.offsetWidth;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [editor]);
  return (
    <div class="diff-bar" ref={bar}>
      <span class="quiet truncate" title={what}>
        {what}
      </span>
      <IconButton
        label={text('editor.diff.whole')}
        icon={<UnfoldIcon />}
        pressed={wholeFiles.value}
        onClick={() => (wholeFiles.value = !wholeFiles.value)}
      />
      <Segments
        label={text('editor.diff.layout')}
        value={diffLayoutOf(editor)}
        options={[
          { value: 'split', label: text('editor.diff.split') },
          { value: 'inline', label: text('editor.diff.inline') },
        ]}
        onChange={(value) => (chosenLayout.value = value)}
      />
      {children}
    </div>
  );
}
