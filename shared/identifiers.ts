import { z } from 'zod';

/** Reserved path prefix on every preview origin; never reaches the app or its backend. */
export const RESERVED_PREFIX = '/__vitrine';

/** Native messaging host name. */
export const NATIVE_HOST_NAME = 'com.vitrine.companion';

/** An environment's id is a DNS label: it is the first part of its origin's host name. */
export const environmentIdSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/);
export type EnvironmentId = z.infer<typeof environmentIdSchema>;

export const providerNameSchema = z.enum(['sandpack', 'devserver', 'webcontainer', 'codesandbox']);
export type ProviderName = z.infer<typeof providerNameSchema>;

export const runtimeNameSchema = z.enum(['docker', 'process', 'swarm']);
export type RuntimeName = z.infer<typeof runtimeNameSchema>;

export const databaseEngineSchema = z.enum(['none', 'sqlite', 'postgres']);
export type DatabaseEngine = z.infer<typeof databaseEngineSchema>;
