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

const tint = (colour: 'good' | 'bad', percent: number) =>
  `color-mix(in srgb, var(--${colour}) ${percent}%, transparent)`;

/** A word that differs: a line below it, as more ground would take the contrast from the letters. */
const mark = (colour: 'good' | 'bad') => ({
  background: tint(colour, 6),
  boxShadow: `inset 0 -2px ${tint(colour, 55)}`,
});

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
  '.cm-panel.cm-search': { padding: '4px 32px 4px 8px', lineHeight: '28px' },
  '.cm-panel.cm-search :is(input, button, label)': {
    margin: '0 4px 0 0',
    fontSize: 'var(--size-small)',
    verticalAlign: 'middle',
  },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', height: '24px' },
  '.cm-panel.cm-search [name=close]': {
    top: '6px',
    right: '6px',
    width: '24px',
    height: '24px',
    margin: '0',
    borderRadius: 'var(--radius)',
    fontSize: '16px',
    color: 'var(--text-quiet)',
  },
  '.cm-panel.cm-search [name=close]:hover': { background: 'var(--ground-hover)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-ground)', outline: '1px solid var(--warn-line)' },
  '.cm-textfield, .cm-button': {
    height: '24px',
    padding: '0 8px',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-small)',
    background: 'var(--ground)',
    color: 'var(--text)',
  },
  '.cm-button': { background: 'var(--ground-raised)', lineHeight: '22px' },
  '.cm-button:hover': { background: 'var(--ground-hover)' },
  '.cm-foldPlaceholder': { background: 'var(--ground-hover)', border: '0', color: 'var(--text-quiet)' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: tint('bad', 6) },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': { backgroundColor: tint('good', 6) },
  '&.cm-merge-a .cm-changedText, & .cm-deletedChunk .cm-deletedText': mark('bad'),
  '&.cm-merge-b .cm-changedText': mark('good'),
  '&.cm-merge-a .cm-changedLineGutter, & .cm-deletedLineGutter': { background: 'var(--bad)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--good)' },
  '.cm-collapsedLines': {
    background: 'var(--ground-side)',
    color: 'var(--text-quiet)',
    font: 'var(--size-small) / 16px var(--font)',
    // Its own mark is in no font of many machines.
    '&:before, &:after': { content: '"⋯"' },
  },
});

/** Colours of code and of the editor around it. */
export const codeLook = [look, syntaxHighlighting(highlightStyle)];
