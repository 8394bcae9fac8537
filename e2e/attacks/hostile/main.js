/*
 * A backend that turns on whatever is around it. Runs an attack by name and answers with what happened, so that a
 * test can tell a refusal from a success. Plain JavaScript without packages: it runs on whichever Node a sandbox has.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import * as exhaustion from './exhaustion.js';
import * as files from './files.js';
import * as network from './network.js';
import * as postgres from './postgres.js';
import * as processes from './processes.js';

const attacks = { ...exhaustion, ...files, ...network, ...postgres, ...processes };

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return void response.end('pong');
  let result;
  try {
    const { attack, input } = JSON.parse(await text(request));
    result = await attacks[attack](input);
  } catch (error) {
    result = { failed: String(error?.stack ?? error) };
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(result ?? null));
});
server.listen(Number(process.env.PORT), process.env.HOST);
