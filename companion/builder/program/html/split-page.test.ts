import { describe, expect, it } from 'vitest';
import { splitPage } from './split-page.ts';

describe('splitPage', () => {
  it('takes module scripts out in their order, and leaves all else as it was written', () => {
    const html =
      '<!doctype html><HTML lang=de><head><title>T</title><script type="module">import "/a";</script></head>\n<body class=x><script>classic()</script><script type=module src="/src/main.ts"></script></body></HTML>';
    expect(splitPage(html)).toEqual({
      html: '<!doctype html><HTML lang=de><head><title>T</title></head>\n<body class=x><script>classic()</script></body></HTML>',
      scripts: [{ inline: 'import "/a";' }, { src: '/src/main.ts' }],
    });
  });

  it('leaves comments, templates, foreign modules and import maps alone', () => {
    const html =
      '<!-- <script type="module" src="/no.js"></script> --><template><script type="module" src="/no.js"></script></template><script type="module" src="https://cdn.test/x.js"></script><script type="importmap">{}</script>';
    expect(splitPage(html)).toEqual({ html, scripts: [] });
  });

  it('leaves scripts that are served as they are', () => {
    const html = '<script type="module" src="/env.js"></script>';
    expect(splitPage(html, (src) => src === '/env.js')).toEqual({ html, scripts: [] });
  });

  it('drops preloads of what is not fetched', () => {
    expect(splitPage('<link rel="modulepreload" href="/x.js"><link rel="icon" href="/i.svg">').html).toBe(
      '<link rel="icon" href="/i.svg">',
    );
  });
});
