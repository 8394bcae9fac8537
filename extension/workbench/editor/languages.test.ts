import { ensureSyntaxTree, LanguageSupport } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { expect, it } from 'vitest';
import { languageOf } from './languages.ts';

const kinds = tagHighlighter([
  { tag: tags.keyword, class: 'keyword' },
  { tag: tags.controlKeyword, class: 'keyword' },
  { tag: tags.definitionKeyword, class: 'keyword' },
  { tag: tags.moduleKeyword, class: 'keyword' },
  { tag: tags.tagName, class: 'tag' },
  { tag: tags.attributeName, class: 'attribute' },
  { tag: tags.propertyName, class: 'property' },
  { tag: tags.string, class: 'string' },
  { tag: tags.number, class: 'number' },
  { tag: tags.typeName, class: 'type' },
  { tag: tags.comment, class: 'comment' },
  { tag: tags.heading, class: 'heading' },
  { tag: tags.variableName, class: 'variable' },
  { tag: tags.special(tags.variableName), class: 'variable' },
]);

/** What is told apart in a text, as `kind text`. */
function told(path: string, text: string): string[] {
  const state = EditorState.create({ doc: text, extensions: languageOf(path) });
  const tree = ensureSyntaxTree(state, text.length, 5_000);
  const found: string[] = [];
  if (tree) highlightTree(tree, kinds, (from, to, kind) => found.push(`${kind} ${text.slice(from, to)}`));
  return found;
}

it.each([
  ['a.tsx', 'const a: Box = <b id="x">1</b>;', ['keyword const', 'type Box', 'tag b', 'attribute id']],
  ['a.css', '.a { color: red } /* c */', ['property color', 'comment /* c */']],
  [
    'a.scss',
    '$pad: 4px;\n// c\n.a { &:hover { color: $pad } }',
    ['variable $pad', 'comment // c', 'property color'],
  ],
  ['a.less', '@pad: 4px;\n// c\n.a { color: @pad }', ['variable @pad', 'comment // c', 'property color']],
  ['a.html', '<p class="x">1</p><script>let a = 1</script>', ['tag p', 'attribute class', 'keyword let']],
  ['a.json', '{"a": 1}', ['property "a"', 'number 1']],
  ['a.yaml', 'a: 1 # c', ['comment # c']],
  ['a.md', '# One\n\n```ts\nconst a = 1;\n```', ['heading # One', 'keyword const', 'number 1']],
  ['b.md', '---\na: 1 # c\n---\n# One', ['comment # c', 'heading # One']],
])('%s is highlighted', (path, text, expected) => {
  expect(told(path, text)).toEqual(expect.arrayContaining(expected));
});

it('highlights script, template and style of a Vue component, be the style in SCSS', () => {
  const text =
    '<script setup lang="ts">\nconst n = ref<number>(1)\n</script>\n<template><b v-if="n">{{ n }}</b></template>\n' +
    '<style lang="scss">\n// c\n.a { color: $red }\n</style>';
  expect(told('a.vue', text)).toEqual(
    expect.arrayContaining(['keyword const', 'type number', 'tag b', 'comment // c', 'property color']),
  );
});

it('highlights the blocks of a Svelte component, not only its HTML', () => {
  const text =
    '<script lang="ts">\nlet n: number = $state(0)\n</script>\n{#if n > 3}<b>{n}</b>{:else}no{/if}\n<style>b { color: red }</style>';
  const found = told('a.svelte', text);
  expect(found).toEqual(
    expect.arrayContaining(['keyword let', 'type number', 'tag b', 'number 3', 'property color']),
  );
  expect(found.filter((each) => /^keyword .*(if|else)/.test(each))).not.toEqual([]);
});

it('leaves what it does not know as plain text', () => {
  expect(languageOf('LICENSE')).toEqual([]);
  expect(languageOf('a.constructor')).toEqual([]);
  expect(languageOf('a.ts')).toBeInstanceOf(LanguageSupport);
});
