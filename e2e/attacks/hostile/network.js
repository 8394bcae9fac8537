import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';

const DEADLINE_MS = 3_000;
const KEPT_CHARACTERS = 2_000;

/** Opens each and says something to whoever answers. */
export async function connectTcp({ targets, say }) {
  return Promise.all(
    targets.map(async ({ host, port }) => ({ host, port, ...(await talk(connect({ host, port }), say)) })),
  );
}

export async function connectSockets({ paths, say }) {
  return Promise.all(paths.map(async (path) => ({ path, ...(await talk(connect({ path }), say)) })));
}

/** Which names lead somewhere, asked of the sandbox's own resolver. */
export async function resolveNames({ names }) {
  return Promise.all(
    names.map(async (name) => {
      const timedOut = new Promise((resolve) => setTimeout(resolve, DEADLINE_MS, { outcome: 'timeout' }));
      const found = lookup(name).then(
        ({ address }) => ({ outcome: 'resolved', answer: address }),
        (error) => ({ outcome: error.code }),
      );
      return { name, ...(await Promise.race([found, timedOut])) };
    }),
  );
}

/** Asks the way out to lead to each place: as a tunnel, and as a plain proxied request. Nothing is normalised. */
export async function throughProxy({ targets }) {
  const proxy = process.env.HTTP_PROXY;
  const none = { outcome: 'no proxy', answer: '' };
  return Promise.all(
    targets.map(async ({ authority, path = '/' }) => {
      const url = `http://${authority}${path}`;
      const plain = proxy ? await askThrough(proxy, authority, url) : none;
      const tunnel = proxy ? await tunnelThrough(proxy, authority, path) : none;
      return {
        url,
        ...{ plain: statusOf(plain), plainBody: bodyOf(plain) },
        ...{ tunnel: statusOf(tunnel), tunnelBody: bodyOf(tunnel) },
      };
    }),
  );
}

const close = 'connection: close\r\n\r\n';

function askThrough(proxy, authority, url) {
  const { socket, login } = openProxy(proxy);
  return talk(socket, `GET ${url} HTTP/1.1\r\nhost: ${authority}\r\n${login}${close}`);
}

/** What counts is what comes through the tunnel, not that it was opened. */
async function tunnelThrough(proxy, authority, path) {
  const { socket, login } = openProxy(proxy);
  const host = /:\d+$/.test(authority) ? authority : `${authority}:80`;
  let isOpen = false;
  socket.on('data', (chunk) => {
    if (isOpen || !/^HTTP\/1\.[01] 200/.test(String(chunk))) return;
    isOpen = true;
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${authority}\r\n${close}`);
  });
  const { outcome, answer } = await talk(socket, `CONNECT ${host} HTTP/1.1\r\nhost: ${host}\r\n${login}\r\n`);
  return { outcome, answer: isOpen ? answer.slice(answer.indexOf('\r\n\r\n') + 4) : answer };
}

function openProxy(proxy) {
  const { hostname, port, username, password } = new URL(proxy);
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const login = username ? `proxy-authorization: Basic ${credentials.toString('base64')}\r\n` : '';
  return { socket: connect({ host: hostname, port: Number(port) }), login };
}

/** Ports on which anything in this network namespace listens (proc_net_tcp.txt of the kernel: state 0A). */
export async function listeningPorts() {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const ports = tables.flatMap((table) =>
    [...table.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A /gm)].map(([, port]) =>
      Number.parseInt(port, 16),
    ),
  );
  return [...new Set(ports)];
}

/** Says `say` once connected and keeps the beginning of the answer. */
async function talk(socket, say) {
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    answer = (answer + chunk).slice(0, KEPT_CHARACTERS);
  });
  let outcome = 'timeout';
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(DEADLINE_MS) });
    outcome = 'connected';
    if (say !== undefined) {
      socket.write(say);
      await once(socket, 'close', { signal: AbortSignal.timeout(DEADLINE_MS) });
    }
  } catch (error) {
    if (outcome !== 'connected')
      outcome = error.code === 'ABORT_ERR' ? 'timeout' : (error.code ?? error.message);
  } finally {
    socket.on('error', () => {}).destroy();
  }
  return { outcome, answer };
}

function statusOf({ outcome, answer }) {
  return outcome === 'connected' ? (/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 'closed') : outcome;
}

const bodyOf = ({ answer }) => answer.slice(answer.indexOf('\r\n\r\n') + 4);
