import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/*
 * Just enough of PostgreSQL's protocol 3.0 to attack a server: start-up, SCRAM-SHA-256 (RFC 5802, 7677), simple
 * queries. https://www.postgresql.org/docs/current/protocol-flow.html
 */
const DEADLINE_MS = 8_000;

/** Logs in with each set of credentials and asks each question. `url`: DATABASE_URL with parts replaced. */
export async function queryPostgres({ logins, queries = [] }) {
  const own = new URL(process.env.DATABASE_URL);
  const results = [];
  for (const login of logins) {
    const credentials = {
      user: decodeURIComponent(own.username),
      password: decodeURIComponent(own.password),
      database: decodeURIComponent(own.pathname.slice(1)),
      ...login,
    };
    const place = { host: login.host ?? own.hostname, port: Number(login.port ?? own.port) };
    results.push(await session(place, credentials, queries));
  }
  return results;
}

/** What the sandbox was told about its database. */
export async function ownDatabase() {
  return { url: process.env.DATABASE_URL ?? null, path: process.env.DATABASE_PATH ?? null };
}

async function session(place, { user, password, database, options }, queries) {
  const socket = connect(place);
  const next = reader(socket);
  const deadline = setTimeout(() => socket.destroy(new Error('timeout')), DEADLINE_MS);
  try {
    const parameters = { user, database, ...options };
    const body = `${Object.entries(parameters).flat().join('\0')}\0\0`;
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + Buffer.byteLength(body));
    head.writeInt32BE(196_608, 4);
    socket.write(Buffer.concat([head, Buffer.from(body)]));
    await logIn(socket, next, password);
    const answers = [];
    for (const query of queries) {
      socket.write(message('Q', Buffer.from(`${query}\0`)));
      answers.push({ query, ...(await answer(next)) });
    }
    return { user, database, outcome: 'logged in', answers };
  } catch (error) {
    return { user, database, outcome: error.message };
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

async function logIn(socket, next, password) {
  const nonce = randomBytes(18).toString('base64');
  const bare = `n=,r=${nonce}`;
  let verify = '';
  for (;;) {
    const { type, body } = await next();
    if (type === 'E') throw new Error(errorOf(body));
    if (type === 'Z') return;
    if (type !== 'R') continue;
    const kind = body.readInt32BE(0);
    if (kind === 3) socket.write(message('p', Buffer.from(`${password}\0`)));
    if (kind === 10) {
      const first = Buffer.from(`n,,${bare}`);
      const length = Buffer.alloc(4);
      length.writeInt32BE(first.length);
      socket.write(message('p', Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), length, first])));
    }
    if (kind === 11) {
      const server = body.toString('utf8', 4);
      const { r, s, i } = Object.fromEntries(server.split(',').map((part) => [part[0], part.slice(2)]));
      const salted = pbkdf2Sync(password, Buffer.from(s, 'base64'), Number(i), 32, 'sha256');
      const key = hmac(salted, 'Client Key');
      const final = `c=biws,r=${r}`;
      verify = `${bare},${server},${final}`;
      const signature = hmac(createHash('sha256').update(key).digest(), verify);
      const proof = key.map((byte, index) => byte ^ signature[index]);
      socket.write(message('p', Buffer.from(`${final},p=${Buffer.from(proof).toString('base64')}`)));
    }
  }
}

async function answer(next) {
  const rows = [];
  let error = null;
  for (;;) {
    const { type, body } = await next();
    if (type === 'E') error = errorOf(body);
    if (type === 'D') rows.push(firstColumn(body));
    // COPY wants data; nothing is sent, so what is open here ends with the connection.
    if (type === 'G' || type === 'W') return { rows, error: 'copy started' };
    if (type === 'Z') return { rows: rows.slice(0, 50), error };
  }
}

function firstColumn(body) {
  if (body.readInt16BE(0) === 0) return null;
  const length = body.readInt32BE(2);
  return length < 0 ? null : body.toString('utf8', 6, 6 + length);
}

/** SQLSTATE and message. */
function errorOf(body) {
  const fields = Object.fromEntries(
    body
      .toString('utf8')
      .split('\0')
      .filter(Boolean)
      .map((part) => [part[0], part.slice(1)]),
  );
  return `${fields.C} ${fields.M}`;
}

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

function message(type, body) {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Hands out one message after the other; rejects once the connection is over. */
function reader(socket) {
  let buffer = Buffer.alloc(0);
  let over = null;
  let wake = () => {};
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    wake();
  });
  const end = (error) => {
    over ??= new Error(error?.code ?? error?.message ?? 'closed');
    wake();
  };
  socket.on('error', end).on('close', () => end());
  return async () => {
    for (;;) {
      const length = buffer.length >= 5 ? buffer.readInt32BE(1) + 1 : Infinity;
      if (buffer.length >= length) {
        const found = { type: String.fromCharCode(buffer[0]), body: buffer.subarray(5, length) };
        buffer = buffer.subarray(length);
        return found;
      }
      if (over) throw over;
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  };
}
