import { type CorpusApp, styleIs, textIs } from '../app.ts';

/** The current templates of create-vite: one click, then the heading's text, a script and the button's style. */
function fromTemplate(
  name: string,
  component: string,
  styles: string,
  script: string = component,
): CorpusApp {
  return {
    name,
    template: name,
    ready: '.counter',
    click: '.counter',
    state: '.counter',
    edits: [
      {
        what: 'template',
        file: component,
        from: '<h1>Get started</h1>',
        to: '<h1>Get edited</h1>',
        shows: textIs('h1', 'Get edited'),
      },
      {
        what: 'script',
        file: script,
        from: 'Count is',
        to: 'Clicked',
        shows: textIs('.counter', 'Clicked'),
      },
      {
        what: 'style',
        file: styles,
        from: '.counter {',
        to: '.counter {\n  letter-spacing: 3px;',
        shows: styleIs('.counter', 'letter-spacing', '3px'),
      },
    ],
  };
}

const inLit = (expression: string) =>
  `(() => { const root = document.querySelector('my-element')?.shadowRoot; return root && ${expression}; })()`;

export const templates: CorpusApp[] = [
  fromTemplate('react-ts', 'src/App.tsx', 'src/App.css'),
  fromTemplate('vue-ts', 'src/components/HelloWorld.vue', 'src/style.css'),
  fromTemplate('svelte-ts', 'src/App.svelte', 'src/app.css', 'src/lib/Counter.svelte'),
  fromTemplate('solid-ts', 'src/App.tsx', 'src/App.css'),
  fromTemplate('preact-ts', 'src/app.tsx', 'src/app.css'),
  {
    name: 'lit-ts',
    template: 'lit-ts',
    ready: 'my-element',
    edits: [
      {
        what: 'template',
        file: 'src/my-element.ts',
        from: 'Edit <code>',
        to: 'Edited <code>',
        shows: inLit("root.textContent.includes('Edited')"),
      },
      {
        what: 'style',
        file: 'src/index.css',
        from: 'body {',
        to: 'body {\n  letter-spacing: 3px;',
        shows: styleIs('body', 'letter-spacing', '3px'),
      },
    ],
  },
  fromTemplate('vanilla-ts', 'src/main.ts', 'src/style.css', 'src/counter.ts'),
];
templates.at(-1)?.edits.splice(0, 1, {
  what: 'template',
  file: 'index.html',
  from: '<div id="app"></div>',
  to: '<div id="app"></div><p id="added">Added</p>',
  shows: textIs('#added', 'Added'),
});
