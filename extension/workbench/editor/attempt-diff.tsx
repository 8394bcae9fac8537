import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { TreeFile } from '#shared/api/source.ts';
import { Button } from '../design/button.tsx';
import { shownPath } from '../text/name.ts';
import { text } from '../text/text.ts';
import { DiffBody } from './diff-body.tsx';
import { DiffBar } from './diff-layout.tsx';
import type { EditorModel } from './editor-model.ts';

/** Files that are listed until somebody asks for more. */
const PAGE = 100;
/** So many files begin open; of more, each is opened by hand. */
const MOST_OPEN = 20;
/** A larger file is opened by hand: a minified bundle is nothing to read in passing. */
const MAX_OPEN_BYTES = 256 * 1024;

/** Everything the attempt changed, one file below the other. A diff is made once its file comes into view. */
export function AttemptDiff({ editor }: { editor: EditorModel }) {
  const shown = useSignal(PAGE);
  const changed = editor.changed.value;
  const branch = editor.tree.value?.base?.branch ?? '';
  return (
    <>
      <DiffBar editor={editor} what={text('editor.diff.all-since', { count: changed.length, branch })} />
      {changed.length === 0 ? (
        <p class="editor-message quiet">{text('editor.changes.none')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section class="attempt-diff" aria-label={text('editor.diff.all')} tabIndex={0}>
          {changed.slice(0, shown.value).map((file) => (
            <ChangedFile
              key={file.path}
              editor={editor}
              file={file}
              beginsOpen={changed.length <= MOST_OPEN && file.size <= MAX_OPEN_BYTES}
            />
          ))}
          {changed.length > shown.value && (
            <Button onClick={() => (shown.value += PAGE)}>
              {text('json.more', { count: changed.length - shown.value })}
            </Button>
          )}
        </section>
      )}
    </>
  );
}

interface ChangedFileProps {
  editor: EditorModel;
  file: TreeFile;
  beginsOpen: boolean;
}

function ChangedFile({ editor, file, beginsOpen }: ChangedFileProps) {
  const { path, status = 'modified', from } = file;
  const isOpen = useSignal(beginsOpen);
  const wasSeen = useSignal(false);
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const details = element.current;
    if (!details) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      wasSeen.value = true;
      observer.disconnect();
    });
    observer.observe(details);
    return () => observer.disconnect();
  }, [wasSeen]);
  return (
    <details
      class="changed-file"
      ref={element}
      open={isOpen.value}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary>
        <bdi class="truncate">{shownPath(from ? `${from} → ${path}` : path)}</bdi>
        <span class={`quiet file-change ${status}`}>{text(`editor.status.${status}`)}</span>
      </summary>
      {isOpen.value && wasSeen.value && <DiffBody editor={editor} path={path} />}
    </details>
  );
}
