import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';
import { CHROME_EXTENSION_KEY, FIREFOX_EXTENSION_ID } from './shared/extension/identity.ts';

/** Where boards and companions are without asking: this machine. Anything else is granted by the person, per site. */
const LOCAL_HOSTS = ['http://localhost/*', 'http://127.0.0.1/*', 'http://*.localhost/*'];
const LOCAL_SOURCES = 'http://localhost:* http://127.0.0.1:* http://*.localhost:*';

/**
 * Written in full because Firefox's default for MV3 holds `upgrade-insecure-requests`, which breaks every address on
 * this machine. Styles may be inline: the editor and the panel's layout set them from script.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "object-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  `img-src 'self' data: blob: ${LOCAL_SOURCES}`,
  `connect-src 'self' ${LOCAL_SOURCES} ${LOCAL_SOURCES.replaceAll('http:', 'ws:')}`,
  `frame-src ${LOCAL_SOURCES}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export default defineConfig({
  srcDir: 'extension',
  publicDir: 'extension/public',
  outDir: '.output',
  imports: false,
  modules: ['@wxt-dev/webextension-polyfill'],
  vite: () => ({
    plugins: [preact({ reactAliasesEnabled: false, devToolsEnabled: false })],
    resolve: { alias: { '#shared': fileURLToPath(new URL('./shared', import.meta.url)) } },
    build: { target: 'es2023' },
  }),
  manifest: ({ browser }) => {
    const firefox = browser === 'firefox';
    return {
      name: '__MSG_extension_name__',
      description: '__MSG_extension_description__',
      default_locale: 'en',
      ...(firefox
        ? {
            browser_specific_settings: {
              gecko: {
                id: FIREFOX_EXTENSION_ID,
                // Scripts in the page's own world, which reading a card needs.
                strict_min_version: '128.0',
                data_collection_permissions: { required: ['none' as const] },
              },
            },
          }
        : { key: CHROME_EXTENSION_KEY, minimum_chrome_version: '130' }),
      icons: Object.fromEntries([16, 32, 48, 128].map((size) => [size, `icon/${size}.png`])),
      action: {
        default_title: '__MSG_extension_name__',
        ...(firefox && { default_area: 'navbar' as const }),
      },
      permissions: [
        'activeTab',
        'contextMenus',
        'nativeMessaging',
        'scripting',
        'storage',
        ...(browser === 'chrome' || browser === 'edge' ? ['sidePanel'] : []),
      ],
      // Asked for when somebody turns notifications on.
      optional_permissions: ['notifications'],
      host_permissions: LOCAL_HOSTS,
      optional_host_permissions: ['http://*/*', 'https://*/*'],
      content_security_policy: { extension_pages: CONTENT_SECURITY_POLICY },
      // Any site may frame the panel, because any site may be made a board; without a nonce from the background the
      // page shows nothing and knows nothing. In Chromium its address changes with each session besides, so that sites
      // cannot find out that the extension is installed; Firefox gives each installation an id of its own.
      web_accessible_resources: [
        {
          resources: ['panel.html'],
          matches: ['http://*/*', 'https://*/*'],
          ...(!firefox && { use_dynamic_url: true }),
        },
      ],
    };
  },
});
