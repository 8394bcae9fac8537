import { z } from 'zod';
import { databaseEngineSchema, providerNameSchema, runtimeNameSchema } from '../identifiers.ts';
import { durationSchema } from './duration.ts';

/** Where a project keeps its configuration, relative to the worktree. */
export const CONFIG_PATH = '.vibe-kanban/environment.yaml';

const port = z.int().min(1).max(65535);
/** Not made from numbers: 007 and 1.10 would be others. */
const variableValue = z.string({ error: 'expected text: put the value in quotes' });
const environmentVariables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), variableValue);
const command = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const healthSchema = z.strictObject({
  path: z
    .string()
    .startsWith('/')
    .optional()
    .describe('Path that answers below 500 once the service is ready; without it, an open port is enough.'),
  timeout: durationSchema.default('60s').describe('How long a service may take until it is ready.'),
  interval: durationSchema
    .default('10s')
    .describe(
      'How often a running service with a health path is asked again while somebody uses the preview. After three failures in a row it gets no requests until it answers.',
    ),
});

/** The keys one service of the backend takes. */
const serviceKeys = {
  command: command
    .optional()
    .describe(
      'Command that starts the service: a shell line, or a list of arguments. Left out beside an image or a dockerfile: what the image runs by itself (for the backend itself: if none is detected).',
    ),
  directory: z.string().optional().describe('Working directory, relative to the worktree.'),
  image: z.string().min(1).optional().describe('Container image (runtime docker).'),
  dockerfile: z
    .string()
    .min(1)
    .optional()
    .describe('Dockerfile to build the image from, relative to the worktree (runtime docker).'),
  port: port
    .optional()
    .describe(
      'Port the service listens on inside its sandbox, where each service has one of its own. Never a port of your machine. The backend has preview.default_port unless told; another service without a port, paths and a health path listens on nothing and is ready once it lives.',
    ),
  env: environmentVariables
    .default({})
    .describe(
      'Environment variables. A dollar sign with a name in braces is replaced by that variable of the service. Others are reached by NAME_HOST, NAME_PORT and NAME_URL (upper case, _ for -), and by name.',
    ),
  health: healthSchema.prefault({}),
  replicas: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe(
      'How many copies run behind the proxy, each with a PORT of its own; a request goes to the healthy copy that has the fewest.',
    ),
  paths: z
    .array(z.string().startsWith('/'))
    .optional()
    .describe(
      'Path prefixes of the preview origin that always belong to this service; the longest wins. Default for the main one: /api and what the Vite configuration proxies.',
    ),
};

const databaseSchema = z.strictObject({
  engine: databaseEngineSchema.optional().describe('Detected when left out.'),
  url: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Your own database server, as a URL with the rights to create databases and roles. A dollar sign with a name in braces is replaced by that variable of the companion.',
    ),
  template: z
    .strictObject({
      migrate: z
        .string()
        .min(1)
        .optional()
        .describe('Command that creates the schema, run once per project.'),
      seed: z.string().min(1).optional().describe('Command that fills it, run after migrate.'),
      dump: z
        .string()
        .min(1)
        .optional()
        .describe(
          'File to clone: an SQLite database file, or an .sql script. Relative to the worktree or the main checkout.',
        ),
      files: z
        .array(z.string().min(1))
        .optional()
        .describe(
          'Files and directories, relative to the worktree, whose change makes the template anew. Default: the usual places of migrations and seeds.',
        ),
    })
    .prefault({}),
});

const backendSchema = z.strictObject({
  max_instances: z
    .int()
    .min(1)
    .max(500)
    .default(10)
    .describe('Environments that may run at once; the least recently used is suspended beyond that.'),
  instance_timeout: durationSchema
    .default('30m')
    .describe('An environment nobody used for this long is terminated.'),
  resource_limits: z
    .strictObject({
      memory_mb: z.int().min(32).default(512),
      cpu_shares: z.int().min(2).default(256).describe('Relative weight; 1024 is one full share.'),
      disk_mb: z.int().min(16).default(1024),
      pids: z.int().min(16).default(1024).describe('Processes and threads of one sandbox.'),
    })
    .prefault({}),
  runtime: z.union([runtimeNameSchema, z.literal('auto')]).default('auto'),
  ...serviceKeys,
  services: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), z.strictObject(serviceKeys))
    .default({})
    .describe(
      'More services in the same sandbox, started in this order, each after the one before is ready. If one of them has a command or is called backend, nothing is detected. isolation.backend.command, or the detected backend, is the last one, called backend. What no paths claim goes to the service called backend, else to the last one that has a port and a command.',
    ),
  egress: z
    .enum(['none', 'allowlist', 'open'])
    .optional()
    .describe(
      'What the sandbox may reach outside itself. Default: nothing, or the hosts under allow where there are any.',
    ),
  allow: z.array(z.string().min(1)).default([]).describe('Hosts that egress allowlist admits.'),
  pool: z
    .int()
    .min(0)
    .max(50)
    .default(0)
    .describe('Sandboxes kept ready for the newest attempts without a preview; 0 keeps none.'),
  database: databaseSchema.prefault({}),
});

const frontendSchema = z.strictObject({
  root: z
    .string()
    .optional()
    .describe('Directory of the frontend, relative to the worktree. Detected when left out.'),
  hot_reload: z.boolean().default(true),
  auto_save: z.boolean().default(true),
  sync_delay_ms: z.int().min(0).max(60_000).default(500),
  command: command.optional().describe('Command of the project’s own dev server (provider devserver).'),
  memory_mb: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Memory of the sandbox for what runs the frontend, beside isolation.backend.resource_limits.memory_mb. Default: 2048.',
    ),
  env: environmentVariables
    .default({})
    .describe('Variables the app sees in import.meta.env and process.env.'),
});

const dependenciesSchema = z.strictObject({
  install: z
    .boolean()
    .default(true)
    .describe(
      'Install packages that are nowhere, with the project’s own package manager in a sandbox that reaches the registries alone.',
    ),
});

const previewSchema = z.strictObject({
  default_port: port.default(3000).describe('PORT a backend is given inside its sandbox.'),
  allowed_origins: z
    .array(z.string().min(1))
    .default(['http://localhost:3000', 'https://*.stackblitz.io'])
    .describe('Origins that may call this environment’s backend. * stands for one or more host labels.'),
});

const sandboxTokenSchema = z.enum([
  'allow-downloads',
  'allow-forms',
  'allow-modals',
  'allow-orientation-lock',
  'allow-pointer-lock',
  'allow-popups',
  'allow-popups-to-escape-sandbox',
  'allow-presentation',
  'allow-same-origin',
  'allow-scripts',
]);

const securitySchema = z.strictObject({
  sandbox_attributes: z
    .array(sandboxTokenSchema)
    .default(['allow-scripts', 'allow-same-origin', 'allow-forms']),
  csp_policy: z.string().default("default-src 'self'; script-src 'self' 'unsafe-inline'"),
});

/** `.vibe-kanban/environment.yaml`: specification section 6, and the keys design adds under isolation.backend. */
export const environmentConfigSchema = z.strictObject({
  isolation: z
    .strictObject({
      provider: providerNameSchema
        .optional()
        .describe('What runs the frontend: sandpack or devserver. Detected when left out.'),
      backend: backendSchema.prefault({}),
      frontend: frontendSchema.prefault({}),
      dependencies: dependenciesSchema.prefault({}),
      env_files: z
        .array(z.string().regex(/^\.env[\w.-]*$/))
        .default(['.env', '.env.local', '.env.development', '.env.development.local'])
        .describe(
          'Env files of the main checkout, ignored by git, whose variables previews of its worktrees get; later ones win.',
        ),
      preview: previewSchema.prefault({}),
      security: securitySchema.prefault({}),
    })
    .prefault({}),
});

export type EnvironmentConfig = z.infer<typeof environmentConfigSchema>;
export type BackendConfig = EnvironmentConfig['isolation']['backend'];
export type FrontendConfig = EnvironmentConfig['isolation']['frontend'];
export type SecurityConfig = EnvironmentConfig['isolation']['security'];
export type ResourceLimits = BackendConfig['resource_limits'];
