import { goToNextChunk, goToPreviousChunk, MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';
import { readingExtensions } from './code-extensions.ts';
import { onShortcut } from './code-shortcuts.ts';

/** A file that differs everywhere must not stop the page: the rest is then shown as one change. Milliseconds. */
const DIFF_TIMEOUT_MS = 300;

interface DiffViewProps {
  path: string;
  before: string;
  after: string;
  layout: 'split' | 'inline';
  /** Shows the lines that are as they were, too. */
  whole?: boolean;
  /** What the two sides are, for screen readers. */
  labels: { before: string; after: string };
}

/** Two states of a file, side by side or in one column. Read-only. */
export function DiffView({ path, before, after, layout, whole = false, labels }: DiffViewProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return;
    // Nothing beside it: there is no second side to show, and no word of a line that differs.
    const isOneSided = before === '' || after === '';
    const collapseUnchanged = whole ? undefined : { margin: 3, minSize: 6 };
    const diffConfig = { scanLimit: 500, timeout: DIFF_TIMEOUT_MS };
    const reading = (label: string) => [
      readingExtensions(path),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      onShortcut({ 'next-difference': goToNextChunk, 'previous-difference': goToPreviousChunk }),
    ];
    const view =
      layout === 'split' && !isOneSided
        ? new MergeView({
            parent: element.current,
            a: { doc: before, extensions: reading(labels.before) },
            b: { doc: after, extensions: reading(labels.after) },
            collapseUnchanged,
            diffConfig,
          })
        : new EditorView({
            parent: element.current,
            doc: after,
            extensions: [
              reading(labels.after),
              unifiedMergeView({
                original: before,
                mergeControls: false,
                highlightChanges: !isOneSided,
                collapseUnchanged,
                diffConfig,
              }),
            ],
          });
    return () => view.destroy();
  }, [path, before, after, layout, whole, labels.before, labels.after]);
  return <div class={`diff diff-${layout} ${before === '' ? 'diff-added' : ''}`} ref={element} />;
}
