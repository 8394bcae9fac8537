import { describe, expect, it } from 'vitest';
import { FrameController, normaliseRoute, urlAtRoute } from './frame-controller.ts';

const origin = 'http://cart.localhost:4000';

/** A frame's window that remembers what it was told, and by whom it could be read. */
function attachWindow(controller: FrameController) {
  const posted: [unknown, string][] = [];
  const contentWindow = { postMessage: (message: unknown, to: string) => posted.push([message, to]) };
  // @ts-expect-error: of the element only its window is used
  controller.attach({ contentWindow });
  const source = contentWindow as unknown as MessageEventSource; // likewise
  return { posted, source };
}

function makeController(freshUrl = async () => `${origin}/?__vitrine_ticket=t`) {
  return new FrameController({ freshUrl, origin: () => origin });
}

describe('FrameController', () => {
  it('follows the route, the history and the first paint of its own frame', () => {
    const controller = makeController();
    const { source } = attachWindow(controller);
    const route = { type: 'vitrine:route', route: '/cart', canGoBack: true, canGoForward: false };
    controller.onMessage({ source, origin, data: route });
    controller.onMessage({ source, origin, data: { type: 'vitrine:painted' } });
    expect([controller.route.value, controller.canGoBack.value, controller.painted.value]).toEqual([
      '/cart',
      true,
      true,
    ]);
  });

  it('ignores other windows, other origins and other shapes', () => {
    const controller = makeController();
    const { source } = attachWindow(controller);
    const data = { type: 'vitrine:route', route: '/evil', canGoBack: true, canGoForward: true };
    const other = {} as MessageEventSource; // some other window
    controller.onMessage({ source: other, origin, data });
    controller.onMessage({ source: null, origin, data });
    controller.onMessage({ source, origin: 'http://login.localhost:4000', data });
    controller.onMessage({ source, origin: 'null', data });
    controller.onMessage({ source, origin, data: { ...data, route: 7 } });
    controller.onMessage({ source, origin, data: 'vitrine:painted' });
    expect([controller.route.value, controller.painted.value]).toEqual(['/', false]);
  });

  it('speaks to its own origin only, and keeps a typed route until the app listens', () => {
    const controller = makeController();
    const { source, posted } = attachWindow(controller);
    controller.go('orders?open=1');
    expect(posted).toEqual([]);
    controller.onMessage({ source, origin, data: { type: 'vitrine:hello', frameId: 'f' } });
    controller.go('/cart');
    expect(posted).toEqual([
      [{ type: 'vitrine:connect' }, origin],
      [{ type: 'vitrine:go', route: '/orders?open=1' }, origin],
      [{ type: 'vitrine:go', route: '/cart' }, origin],
    ]);
  });

  it('loads a new document at the route it was at', async () => {
    const controller = makeController();
    controller.route.value = '/cart?x=1';
    await controller.load();
    expect(controller.document.value).toEqual({ key: 1, src: `${origin}/cart?x=1&__vitrine_ticket=t` });
    await controller.load();
    expect(controller.document.value?.key).toBe(2);
  });

  it('says why no address could be had', async () => {
    const controller = makeController(() => Promise.reject(new Error('gone')));
    await controller.load();
    expect(controller.failure.value).toMatchObject({ message: 'gone' });
    expect(controller.document.value).toBeUndefined();
  });

  it('lets the last of several loads win', async () => {
    let asked = 0;
    const controller = makeController(async () => `${origin}/?__vitrine_ticket=${++asked}`);
    await Promise.all([controller.load(), controller.load()]);
    expect(controller.document.value).toMatchObject({ key: 1, src: `${origin}/?__vitrine_ticket=2` });
  });
});

describe('routes', () => {
  it('are taken as typed, and never become another host', () => {
    expect(normaliseRoute(' cart ', origin)).toBe('/cart');
    expect(normaliseRoute(`${origin}/cart#a`, origin)).toBe('/cart#a');
    expect(normaliseRoute('//evil.example/x', origin)).toBe('/evil.example/x');
    expect(normaliseRoute('/\\evil.example', origin)).toBe('/evil.example');
    expect(normaliseRoute('', origin)).toBe('/');
    expect(urlAtRoute(`${origin}/?t=1`, '//evil.example')).toBe(`${origin}/evil.example?t=1`);
  });
});
