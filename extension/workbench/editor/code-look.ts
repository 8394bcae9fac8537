import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The workbench's own colours, which follow its scheme. */
const highlightStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: 'var(--ansi-5)' },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: 'var(--ansi-2)' },
  { tag: [tags.regexp, tags.escape], color: 'var(--ansi-3)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.color], color: 'var(--ansi-3)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-quiet)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.className, tags.namespace], color: 'var(--ansi-6)' },
  { tag: [tags.tagName, tags.angleBracket], color: 'var(--ansi-4)' },
  { tag: [tags.attributeName, tags.propertyName], color: 'var(--ansi-6)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--ansi-4)' },
  { tag: tags.definition(tags.variableName), color: 'var(--text)' },
  { tag: tags.heading, fontWeight: '600' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: [tags.link, tags.url], color: 'var(--accent)', textDecoration: 'underline' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: 'var(--size)', backgroundColor: 'var(--ground)', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: '18px', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--ground)',
    color: 'var(--text-quiet)',
    border: '0',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--ground-hover) 60%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-specialChar': { color: 'var(--bad)' },
  '.cm-panels': { backgroundColor: 'var(--ground-side)', color: 'var(--text)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-ground)', outline: '1px solid var(--warn-line)' },
  '.cm-textfield': { border: '1px solid var(--line-strong)', backgroundColor: 'var(--ground)' },
  '.cm-button': {
    border: '1px solid var(--line-strong)',
    background: 'var(--ground-raised)',
    color: 'var(--text)',
  },
  '.cm-foldPlaceholder': { background: 'var(--ground-hover)', border: '0', color: 'var(--text-quiet)' },
  '.cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--good) 14%, transparent)' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--bad) 14%, transparent)' },
  '.cm-collapsedLines': {
    background: 'var(--ground-side)',
    color: 'var(--text-quiet)',
  },
});

/** Colours of code and of the editor around it. */
export const codeLook = [look, syntaxHighlighting(highlightStyle)];
