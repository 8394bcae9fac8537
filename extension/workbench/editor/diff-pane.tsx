import { Button } from '../design/button.tsx';
import { text } from '../text/text.ts';
import { DiffBody } from './diff-body.tsx';
import { DiffBar } from './diff-layout.tsx';
import type { EditorModel } from './editor-model.ts';

/** One file as the attempt found it and as it is. */
export function DiffPane({ editor, path }: { editor: EditorModel; path: string }) {
  const branch = editor.tree.value?.base?.branch ?? '';
  return (
    <>
      <DiffBar editor={editor} what={text('editor.diff.since', { branch })}>
        <Button onClick={() => editor.open({ path })}>{text('editor.diff.edit')}</Button>
      </DiffBar>
      <DiffBody editor={editor} path={path} />
    </>
  );
}
