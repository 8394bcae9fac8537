import { dependsOn, type PackageJson } from '../../detection/package-json.ts';

/** Where a dev server is to listen (a port, or a shell's word for one), and under which address browsers see it. */
export interface ServerPlace {
  port: number | string;
  /** The preview's origin. */
  origin: URL;
}

export interface Framework {
  name: string;
  /** The package that brings its dev server. */
  package: string;
  /** Another that tells of it, where a tool of its own brings the server. */
  sign?: string;
  /** Its dev server's call in a script of package.json. */
  call: RegExp;
  /** Run where no script calls it. */
  command: string;
  /** Arguments that tell it where to listen; none for one that only reads PORT and HOST. */
  place(place: ServerPlace): string[];
  /** Calls that take them, where not all do: the others' port is known by what they print. */
  placeable?: RegExp;
  /** Options with a value that {@link place} takes the place of. */
  placeOptions: readonly string[];
  /** Variables that say what no argument does. */
  env?: Record<string, string>;
  /** Answers forms and other requests that change something itself. */
  takesWrites: boolean;
  /** Why nothing but its own server shows a project as it is; left out where the default provider does. */
  needsServer?: 'renders' | 'bundles';
  /** Most projects that have it have an app as well, which is what is shown. */
  isAside?: true;
}

const HOST = '127.0.0.1';
const LONG = ['--port', '--host'] as const;
const portAndHost = ({ port }: ServerPlace) => ['--port', String(port), '--host', HOST];
const VITE_CALL = /\bvite(?:\s+(?:dev|serve)\b|(?=\s+-|\s*$))/;

/** A framework whose dev server is Vite's, and renders pages. */
const onVite = (name: string, packageName: string, call = VITE_CALL, command = 'vite dev'): Framework => ({
  name,
  package: packageName,
  call,
  command,
  place: portAndHost,
  placeOptions: LONG,
  takesWrites: true,
  needsServer: 'renders',
});

/** Frameworks and bundlers by what starts their dev server; meta-frameworks before what they are made of. */
export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'Next',
    package: 'next',
    call: /\bnext(?:\s+dev)?(?=\s+-|\s*$)|\bnext\s+dev\b/,
    command: 'next dev',
    place: ({ port }) => ['--port', String(port), '--hostname', HOST],
    placeOptions: ['-p', '--port', '-H', '--hostname'],
    takesWrites: true,
    needsServer: 'renders',
  },
  {
    name: 'Nuxt',
    package: 'nuxt',
    call: /\b(?:nuxt|nuxi)(?:\s+dev\b|(?=\s+-|\s*$))/,
    command: 'nuxt dev',
    place: portAndHost,
    placeOptions: ['-p', '-h', ...LONG],
    takesWrites: true,
    needsServer: 'renders',
  },
  onVite('Astro', 'astro', /\bastro\s+(?:dev|start)\b/, 'astro dev'),
  onVite('React Router', '@react-router/dev', /\breact-router\s+dev\b/, 'react-router dev'),
  onVite('Remix', '@remix-run/dev', /\bremix\s+vite:dev\b/, 'remix vite:dev'),
  onVite('TanStack Start', '@tanstack/react-start'),
  onVite('TanStack Start', '@tanstack/solid-start'),
  onVite('SolidStart', '@solidjs/start', /\bvinxi\s+dev\b|\bvite(?:\s+dev\b|(?=\s+-|\s*$))/),
  onVite('Qwik City', '@builder.io/qwik-city'),
  onVite('Qwik Router', '@qwik.dev/router'),
  {
    ...onVite('Vike', 'vike', /\b(?:vike|vite)(?:\s+dev\b|(?=\s+-|\s*$))/, 'vike dev'),
    // It reads what Vite is told as well, and refuses what it does not know.
    placeable: /\bvike\b/,
  },
  onVite(
    'VitePress',
    'vitepress',
    /\bvitepress(?!\s+(?:build|preview|init)\b)(?:\s+(?:dev|serve)\b|(?=\s+[-\w]|\s*$))/,
    'vitepress dev',
  ),
  {
    name: 'Angular',
    package: '@angular/cli',
    sign: '@angular/core',
    call: /\bng\s+(?:serve|dev|start|s)\b/,
    command: 'ng serve',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: false,
    needsServer: 'bundles',
  },
  {
    name: 'Gatsby',
    package: 'gatsby',
    call: /\bgatsby\s+develop\b/,
    command: 'gatsby develop',
    place: portAndHost,
    placeOptions: ['-p', '-H', ...LONG],
    takesWrites: false,
    needsServer: 'renders',
  },
  {
    name: 'Docusaurus',
    package: '@docusaurus/core',
    call: /\bdocusaurus\s+start\b/,
    command: 'docusaurus start',
    place: (place) => [...portAndHost(place), '--no-open'],
    placeOptions: ['-p', '-h', ...LONG],
    takesWrites: false,
    needsServer: 'bundles',
  },
  {
    name: 'Eleventy',
    package: '@11ty/eleventy',
    call: /\beleventy\b(?=.*--serve\b)/,
    command: 'eleventy --serve',
    place: ({ port }) => [`--port=${port}`],
    placeOptions: ['--port'],
    takesWrites: false,
    needsServer: 'bundles',
  },
  {
    name: 'Create React App',
    package: 'react-scripts',
    call: /\b(?:react-scripts|craco|react-app-rewired)\s+start\b/,
    command: 'react-scripts start',
    place: () => [], // PORT, HOST, WDS_SOCKET_PORT
    placeOptions: [],
    // It ends with its standard input otherwise.
    env: { CI: 'true' },
    takesWrites: false,
  },
  {
    name: 'Vue CLI',
    package: '@vue/cli-service',
    call: /\bvue-cli-service\s+serve\b/,
    command: 'vue-cli-service serve',
    place: portAndHost,
    placeOptions: [...LONG, '--public'],
    // It would send the page's socket to the machine's own address, and to a wrong one with --public. This is how it
    // knows a place where the page's own is right.
    env: { CODESANDBOX_SSE: 'true' },
    takesWrites: false,
    needsServer: 'bundles',
  },
  onVite('SvelteKit', '@sveltejs/kit'),
  {
    name: 'Rsbuild',
    package: '@rsbuild/core',
    call: /\brsbuild(?:\s+dev\b|(?=\s+-|\s*$))/,
    command: 'rsbuild dev',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: false,
    needsServer: 'bundles',
  },
  {
    name: 'Vite',
    package: 'vite',
    call: VITE_CALL,
    command: 'vite',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: false,
  },
  {
    name: 'Parcel',
    package: 'parcel',
    call: /\bparcel\b(?!\s+(?:build|watch|help))/,
    command: 'parcel index.html',
    place: ({ port, origin }) => ['--port', String(port), '--hmr-host', origin.hostname],
    placeOptions: ['-p', ...LONG, '--hmr-host', '--hmr-port'],
    takesWrites: false,
    needsServer: 'bundles',
  },
  {
    name: 'webpack',
    package: 'webpack-dev-server',
    call: /\bwebpack(?:-dev-server\b|\s+(?:serve|server|s)\b)/,
    command: 'webpack serve',
    // The page's own address, whatever the server thinks it is.
    place: (place) => [...portAndHost(place), '--client-web-socket-url', 'auto://0.0.0.0:0/ws'],
    placeOptions: [...LONG, '--client-web-socket-url'],
    takesWrites: false,
    needsServer: 'bundles',
  },
  {
    name: 'Rspack',
    package: '@rspack/cli',
    call: /\brspack\s+(?:dev|serve|server|s)\b/,
    command: 'rspack dev',
    place: portAndHost,
    placeOptions: ['-p', ...LONG],
    takesWrites: false,
    needsServer: 'bundles',
  },
  {
    name: 'Storybook',
    package: 'storybook',
    call: /\b(?:storybook\s+dev|start-storybook)\b/,
    command: 'storybook dev',
    place: (place) => [...portAndHost(place), '--ci'],
    placeOptions: ['-p', '-h', ...LONG],
    takesWrites: false,
    needsServer: 'bundles',
    isAside: true,
  },
];

/** Scripts of package.json that start a dev server, the likeliest first. */
export const USUAL_SCRIPTS = ['dev', 'develop', 'start', 'serve'];

/** Scripts that may start a project's dev server, the likeliest first: the usual ones, else all of them (`docs:dev`). */
export function serverScripts({ scripts }: PackageJson): [name: string, text: string][] {
  const usual = USUAL_SCRIPTS.flatMap((name): [string, string][] => {
    const text = scripts[name];
    return text === undefined ? [] : [[name, text]];
  });
  return usual.length > 0 ? usual : Object.entries(scripts);
}

/** A project's framework: of those among its packages the one that its scripts call, else the first. */
export function frameworkOf(pkg: PackageJson): Framework | null {
  const present = FRAMEWORKS.filter(({ package: name, sign = name }) => dependsOn(pkg, name, sign));
  const scripts = serverScripts(pkg);
  const isCalled = ({ call }: Framework) => scripts.some(([, text]) => call.test(text));
  return present.find(isCalled) ?? present.find(({ isAside }) => !isAside) ?? null;
}
