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
  /** Its dev server's call in a script of package.json. */
  call: RegExp;
  /** Run where no script calls it. */
  command: string;
  /** Arguments that tell it where to listen; none for one that only reads PORT and HOST. */
  place(place: ServerPlace): string[];
  /** Options with a value that {@link place} takes the place of. */
  placeOptions: readonly string[];
  /** Answers forms and other requests that change something itself. */
  takesWrites: boolean;
}

const HOST = '127.0.0.1';
const LONG = ['--port', '--host'] as const;
const portAndHost = ({ port }: ServerPlace) => ['--port', String(port), '--host', HOST];

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
  },
  {
    name: 'Nuxt',
    package: 'nuxt',
    call: /\b(?:nuxt|nuxi)(?:\s+dev\b|(?=\s+-|\s*$))/,
    command: 'nuxt dev',
    place: portAndHost,
    placeOptions: ['-p', '-h', ...LONG],
    takesWrites: true,
  },
  {
    name: 'Astro',
    package: 'astro',
    call: /\bastro\s+(?:dev|start)\b/,
    command: 'astro dev',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: true,
  },
  {
    name: 'React Router',
    package: '@react-router/dev',
    call: /\breact-router\s+dev\b/,
    command: 'react-router dev',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: true,
  },
  {
    name: 'Remix',
    package: '@remix-run/dev',
    call: /\bremix\s+vite:dev\b/,
    command: 'remix vite:dev',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: true,
  },
  {
    name: 'Angular',
    package: '@angular/cli',
    call: /\bng\s+(?:serve|dev|start|s)\b/,
    command: 'ng serve',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: false,
  },
  {
    name: 'Create React App',
    package: 'react-scripts',
    call: /\b(?:react-scripts|craco|react-app-rewired)\s+start\b/,
    command: 'react-scripts start',
    place: () => [], // PORT, HOST, WDS_SOCKET_PORT
    placeOptions: [],
    takesWrites: false,
  },
  {
    name: 'Vue CLI',
    package: '@vue/cli-service',
    call: /\bvue-cli-service\s+serve\b/,
    command: 'vue-cli-service serve',
    // It would send the page's socket to the machine's own address.
    place: (place) => [...portAndHost(place), '--public', place.origin.origin],
    placeOptions: [...LONG, '--public'],
    takesWrites: false,
  },
  {
    name: 'SvelteKit',
    package: '@sveltejs/kit',
    call: /\bvite(?:\s+(?:dev|serve)\b|(?=\s+-|\s*$))/,
    command: 'vite dev',
    place: portAndHost,
    placeOptions: LONG,
    takesWrites: true,
  },
  {
    name: 'Vite',
    package: 'vite',
    call: /\bvite(?:\s+(?:dev|serve)\b|(?=\s+-|\s*$))/,
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
  },
];
