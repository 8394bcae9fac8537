/*
 * The messages of a connection's start: postgresql.org/docs/current/protocol-message-formats.html. All numbers are
 * big-endian; a length counts itself.
 */

/** The server's own bound (MAX_STARTUP_PACKET_LENGTH). */
const MAX_STARTUP_BYTES = 10_000;
const MIN_STARTUP_BYTES = 8;
const PROTOCOL_MAJOR = 3;
const CANCEL_REQUEST = 80877102;
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
/** Process id and a key of at least four bytes. */
const MIN_CANCEL_BYTES = 16;

export type StartMessage =
  | { kind: 'encryption' }
  | { kind: 'cancel'; key: string }
  | { kind: 'startup'; parameters: ReadonlyMap<string, string> };

/** What is wrong with a connection's start, in the terms of PostgreSQL. */
export class StartError extends Error {
  /** SQLSTATE. */
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The length of a first message, from its first four bytes. */
export function startLength(header: Buffer): number {
  const length = header.readInt32BE(0);
  if (length < MIN_STARTUP_BYTES || length > MAX_STARTUP_BYTES)
    throw new StartError('08P01', `invalid length of startup packet: ${length}`);
  return length;
}

export function parseStart(packet: Buffer): StartMessage {
  const code = packet.readUInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'encryption' };
  if (code === CANCEL_REQUEST) {
    if (packet.length < MIN_CANCEL_BYTES) throw new StartError('08P01', 'invalid cancel request');
    return { kind: 'cancel', key: packet.subarray(8).toString('hex') };
  }
  if (code >>> 16 !== PROTOCOL_MAJOR)
    throw new StartError('0A000', `unsupported frontend protocol ${code >>> 16}.${code & 0xffff}`);
  return { kind: 'startup', parameters: parseParameters(packet.subarray(8)) };
}

/** Names and values, each ended by a zero byte, and one more at the end. */
function parseParameters(bytes: Buffer): Map<string, string> {
  const malformed = () => new StartError('08P01', 'invalid startup packet layout');
  if (bytes.at(-1) !== 0) throw malformed();
  const parameters = new Map<string, string>();
  let at = 0;
  while (at < bytes.length - 1) {
    const [name, afterName] = readString(bytes, at);
    const [value, afterValue] = readString(bytes, afterName);
    // Which of two the server takes is its business; nothing needs two.
    if (name === '' || value === null || name === null || parameters.has(name)) throw malformed();
    parameters.set(name, value);
    at = afterValue;
  }
  return parameters;
}

function readString(bytes: Buffer, start: number): [string | null, number] {
  const end = bytes.indexOf(0, start);
  return end < 0 || start >= bytes.length - 1
    ? [null, bytes.length]
    : [bytes.toString('utf8', start, end), end + 1];
}

/** A FATAL ErrorResponse, as drivers show it. */
export function errorResponse({
  code,
  message,
  hint,
}: Pick<StartError, 'code' | 'message' | 'hint'>): Buffer {
  const fields = [`SFATAL`, `VFATAL`, `C${code}`, `M${message}`, ...(hint ? [`H${hint}`] : [])];
  const body = Buffer.from(`${fields.map((field) => field.replaceAll('\0', '')).join('\0')}\0\0`);
  const header = Buffer.alloc(5);
  header.write('E', 0, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}
