import { diff } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { codeExtensions, indentation } from './code-extensions.ts';
import type { EditorModel } from './editor-model.ts';
import type { OpenFile } from './open-file.ts';

/** What was undone and selected in a file that is not shown just now. */
const states = new WeakMap<OpenFile, EditorState>();
/** Beyond this a change is taken whole instead of as its differing parts. Characters. */
const MAX_DIFF = 500_000;

/** The code of one open file. Keyed by file: each has its own history. */
export function CodeView({ editor, file }: { editor: EditorModel; file: OpenFile }) {
  const element = useRef<HTMLDivElement>(null);
  const isReadOnly = file.isReadOnly.value;
  useEffect(() => {
    if (!element.current) return;
    const state =
      (isReadOnly ? undefined : states.get(file)) ??
      EditorState.create({
        doc: file.text.peek(),
        extensions: [
          indentation(file.text.peek()),
          codeExtensions({
            path: file.path,
            format: file.format,
            isReadOnly,
            onEdit: (text) => (file.text.value = text),
            onSave: () => void file.save(),
          }),
        ],
      });
    const view = new EditorView({ state, parent: element.current });
    const stops = [
      // What comes from disk is put in as a change, so that cursor, scroll position and undo stay.
      effect(() => takeOver(view, file.text.value)),
      effect(() => {
        const place = editor.wanted.value;
        if (place?.path !== file.path) return;
        editor.wanted.value = undefined;
        if (place.line !== undefined) goTo(view, place.line, place.column ?? 1);
        // Whatever was left for this, such as a dialog, gives the focus back first.
        requestAnimationFrame(() => view.focus());
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      if (!isReadOnly) states.set(file, view.state);
      view.destroy();
    };
  }, [editor, file, isReadOnly]);
  return <div class="code" ref={element} />;
}

function takeOver(view: EditorView, text: string): void {
  const shown = view.state.doc.toString();
  if (shown === text) return;
  const changes =
    shown.length + text.length > MAX_DIFF
      ? { from: 0, to: shown.length, insert: text }
      : diff(shown, text).map(({ fromA, toA, fromB, toB }) => ({
          from: fromA,
          to: toA,
          insert: text.slice(fromB, toB),
        }));
  view.dispatch({ changes });
}

function goTo(view: EditorView, lineNumber: number, column: number): void {
  const { doc } = view.state;
  const line = doc.line(Math.min(doc.lines, Math.max(1, lineNumber)));
  const at = Math.min(line.to, line.from + Math.max(0, column - 1));
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
}
