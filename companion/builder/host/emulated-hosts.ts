export interface EmulatedHost {
  host: string;
  /** Path on the preview origin that takes its place. */
  path: string;
  /** File of the bundler that names it; the main script unless told. */
  file?: RegExp;
}

/** Remote hosts the bundler asks for packages and tells about itself. */
export const EMULATED_HOSTS: EmulatedHost[] = [
  { host: 'prod-packager-packages.codesandbox.io', path: '/__vitrine/packager' },
  { host: 'aiwi8rnkp5.execute-api.eu-west-1.amazonaws.com/prod', path: '/__vitrine/packager-build' },
  { host: 'data.jsdelivr.com', path: '/__vitrine/jsdelivr-data' },
  { host: 'cdn.jsdelivr.net', path: '/__vitrine/jsdelivr' },
  { host: 'unpkg.com', path: '/__vitrine/unpkg' },
  { host: 'col.csbops.io', path: '/__vitrine/telemetry' },
];
