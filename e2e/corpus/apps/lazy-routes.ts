import { type CorpusApp, textIs } from '../app.ts';

/** Vue with lazily loaded routes, a store, and requests that a service worker (msw) answers. */
export const lazyRoutes: CorpusApp = {
  name: 'vue-router-msw',
  template: 'vue-ts',
  packages: { 'vue-router': '^4.5.0', pinia: '^3.0.0', msw: '^2.10.0' },
  prepare: ['cp', 'node_modules/msw/lib/mockServiceWorker.js', 'public/mockServiceWorker.js'],
  path: '/about/7',
  files: {
    'src/main.ts': `import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import App from './App.vue';
import { worker } from './mocks.ts';
await worker.start({ quiet: true, onUnhandledRequest: 'bypass' });
const router = createRouter({ history: createWebHistory(), routes: [
  { path: '/', component: () => import('./pages/Home.vue') },
  { path: '/about/:id', component: () => import('./pages/About.vue') },
] });
createApp(App).use(createPinia()).use(router).mount('#app');
`,
    'src/mocks.ts': `import { http, HttpResponse } from 'msw';
import { setupWorker } from 'msw/browser';
export const worker = setupWorker(http.get('/mocked/hello', () => HttpResponse.json({ hello: 'from msw' })));
`,
    'src/App.vue':
      '<template><nav><RouterLink to="/">Home</RouterLink> <RouterLink to="/about/7">About</RouterLink></nav><RouterView /></template>\n',
    'src/pages/Home.vue': '<template><h1>Home</h1></template>\n',
    'src/pages/About.vue': `<script setup lang="ts">
import { ref } from 'vue';
import { useRoute } from 'vue-router';
const count = ref(0);
const hello = ref('');
const word = 'Count is';
fetch('/mocked/hello').then((response) => response.json()).then((answer) => { hello.value = answer.hello; });
</script>
<template><h1>About {{ useRoute().params.id }}</h1><button class="counter" @click="count++">{{ word }} {{ count }}</button><p id="hello">{{ hello }}</p></template>
<style scoped>h1 { color: rgb(1, 2, 3); }</style>
`,
  },
  ready: '.counter',
  settled: textIs('#hello', 'from msw'),
  click: '.counter',
  state: '.counter',
  edits: [
    {
      what: 'template',
      file: 'src/pages/About.vue',
      from: '<h1>About',
      to: '<h1>Edited',
      shows: textIs('h1', 'Edited'),
    },
    {
      what: 'style',
      file: 'src/pages/About.vue',
      from: 'rgb(1, 2, 3)',
      to: 'rgb(200, 2, 3)',
      shows: "getComputedStyle(document.querySelector('h1')).color === 'rgb(200, 2, 3)'",
    },
    {
      what: 'script',
      file: 'src/pages/About.vue',
      from: 'Count is',
      to: 'Clicked',
      shows: textIs('.counter', 'Clicked'),
    },
  ],
};
