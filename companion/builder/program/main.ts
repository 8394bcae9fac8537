import type { BuilderOptions } from '../protocol.ts';
import { Builder } from './builder.ts';
import { keepCompiled } from './compile-cache.ts';
import { EventHub } from './event-hub.ts';
import { createBuilderServer } from './http-server.ts';

// Started in the pod: node main.ts '<BuilderOptions as JSON>', with PORT in the environment.
const options = JSON.parse(process.argv[2] ?? '{}') as BuilderOptions;
keepCompiled(options.cacheDirectory);
// Configurations read files relative to where Vite is started.
process.chdir(options.root);

const hub = new EventHub();
const builder = new Builder(options, (event) => hub.emit(event));
const server = createBuilderServer(builder, hub, options.root);

// A plugin that forgets to await must not end the preview.
process.on('unhandledRejection', (reason) => console.error('Unhandled rejection in the build:', reason));

function stop(): void {
  server.close();
  server.closeAllConnections();
  void builder.close().finally(() => process.exit(0));
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

server.listen(Number(process.env.PORT), '127.0.0.1');
