import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { codePhrases } from '../text/de/code-phrases.ts';
import { language } from '../text/language.ts';
import { shownPath } from '../text/name.ts';
import { text } from '../text/text.ts';
import { codeLook } from './code-look.ts';
import { onShortcut } from './code-shortcuts.ts';
import { languageOf } from './languages.ts';
import type { TextFormat } from './text-format.ts';

interface CodeOptions {
  path: string;
  format: TextFormat;
  isReadOnly: boolean;
  onEdit: (text: string) => void;
  onSave: () => void;
}

/** Characters that turn the direction of a text, beside those that CodeMirror marks anyway. */
const OTHER_DIRECTION_MARKS = /[\u061c\u202a-\u202c\u2068]/g;

/** What every view of code has: numbers, colours, and marks for characters that could hide something. */
export function readingExtensions(path: string): Extension[] {
  return [
    lineNumbers(),
    highlightSpecialChars({ addSpecialChars: OTHER_DIRECTION_MARKS }),
    languageOf(path),
    codeLook,
    EditorView.lineWrapping,
    EditorState.phrases.of(language.peek() === 'de' ? codePhrases : {}),
  ];
}

export function codeExtensions({ path, format, isReadOnly, onEdit, onSave }: CodeOptions): Extension[] {
  return [
    readingExtensions(path),
    history(),
    foldGutter(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    onShortcut({ save: onSave }),
    keymap.of([
      // Escape, then Tab leaves the editor, as CodeMirror documents.
      indentWithTab,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
    ]),
    EditorView.contentAttributes.of({
      'aria-label': text('editor.code', { path: shownPath(path) }),
      'aria-description': text('editor.code.leave'),
    }),
    EditorState.readOnly.of(isReadOnly),
    // Where line ends are mixed, each stays the character it is.
    format.lineEnds === 'mixed' ? EditorState.lineSeparator.of('\n') : [],
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onEdit(update.state.doc.toString());
    }),
  ];
}

/** The indentation a text has: a tab, or the fewest spaces a line begins with. */
export function indentation(sample: string): Extension {
  const [, lead = ''] = /\n(\t| {2,8})\S/.exec(sample.slice(0, 20_000)) ?? [];
  return indentUnit.of(lead.startsWith('\t') ? '\t' : ' '.repeat(Math.min(4, Math.max(2, lead.length))));
}
