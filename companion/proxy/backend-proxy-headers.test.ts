import { describe, expect, test } from 'vitest';
import { call, echo, proxiesOfEachTest, seenBy } from './testing/proxy-calls.ts';
import { httpBackend, SECRET } from './testing/proxy-fixture.ts';

const start = proxiesOfEachTest();

describe('headers', () => {
  test('what ends at this hop ends here, both ways, with what Connection names', async () => {
    const fixture = await start(
      httpBackend((request, response) => {
        response.setHeader('connection', 'x-hop, keep-alive');
        response.setHeader('x-hop', '1');
        response.setHeader('proxy-authenticate', 'Basic');
        response.end(JSON.stringify({ headers: request.headers }));
      }),
    );
    const answer = await call(fixture, {
      headers: {
        connection: 'close, x-mine, host, content-length',
        'x-mine': '1',
        'proxy-authorization': 'x',
        te: 'gzip',
      },
    });
    const { headers } = seenBy(answer);
    expect(headers).not.toHaveProperty('x-mine');
    expect(headers).not.toHaveProperty('proxy-authorization');
    expect(headers).not.toHaveProperty('te');
    expect(headers.host).toBe(fixture.host);
    expect(answer.headers).not.toHaveProperty('x-hop');
    expect(answer.headers).not.toHaveProperty('proxy-authenticate');
  });

  test('attack 12: what a browser says of forwarding is replaced by what is true', async () => {
    const fixture = await start(echo());
    const { headers } = seenBy(
      await call(fixture, {
        headers: {
          'x-forwarded-for': '6.6.6.6',
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'https',
          'x-forwarded-user': 'admin',
          forwarded: 'for=6.6.6.6',
          'x-isolated-auth': 'guess',
        },
      }),
    );
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': fixture.host,
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(fixture.port),
      'x-isolated-auth': SECRET,
    });
    expect(headers).not.toHaveProperty('forwarded');
    expect(headers).not.toHaveProperty('x-forwarded-user');
    expect(headers.via).toMatch(/^1\.1 vitrine-[0-9a-f]{12}$/);
  });

  test('the path arrives as it was written', async () => {
    const fixture = await start(echo());
    const path = '/a/../b//c/%2e%2e/?x=%2F&y=?z';
    expect(seenBy(await call(fixture, { path })).url).toBe(path);
  });

  test('redirects to the backend’s own address lead to the preview', async () => {
    const fixture = await start(
      httpBackend((request, response) => {
        const port = request.socket.localPort;
        response.writeHead(302, {
          location: `http://localhost:${port}/in?x=1`,
          refresh: `3; url=http://127.0.0.1:${port}/`,
        });
        response.end();
      }),
    );
    const { headers } = await call(fixture);
    expect(headers.location).toBe(`http://${fixture.host}/in?x=1`);
    expect(headers.refresh).toBe(`3; url=http://${fixture.host}/`);
  });

  test('several Set-Cookie lines stay several, without Domain', async () => {
    const fixture = await start(
      httpBackend((_request, response) => {
        response.setHeader('set-cookie', ['a=1; Domain=x.example', 'b=2']);
        response.end();
      }),
    );
    const { headers } = await call(fixture);
    expect(headers['set-cookie']).toEqual([
      'a=1; Secure; SameSite=None; Partitioned',
      'b=2; Secure; SameSite=None; Partitioned',
    ]);
  });
});
