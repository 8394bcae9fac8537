import { Button } from '../design/button.tsx';
import { text } from '../text/text.ts';
import { DiffBody } from './diff-body.tsx';
import { DiffLayoutChoice } from './diff-layout.tsx';
import type { EditorModel } from './editor-model.ts';

/** One file as the attempt found it and as it is. */
export function DiffPane({ editor, path }: { editor: EditorModel; path: string }) {
  const branch = editor.tree.value?.base?.branch ?? '';
  return (
    <>
      <div class="diff-bar">
        <span class="quiet truncate">{text('editor.diff.since', { branch })}</span>
        <DiffLayoutChoice />
        <Button onClick={() => editor.open({ path })}>{text('editor.diff.edit')}</Button>
      </div>
      <DiffBody editor={editor} path={path} />
    </>
  );
}
