import { expect, it } from 'vitest';
import { packagerAnswer } from './packager.ts';

const packages = { react: { 'package.json': '{}', 'index.js': 'module.exports = 1' } };
const body = (path: string) => JSON.parse(packagerAnswer(path, packages)?.body ?? 'null');

it('hands out a package’s files as ready to run', () => {
  expect(body('/__vitrine/packager/v2/packages/react/19.0.0.json')).toMatchObject({
    contents: { '/node_modules/react/index.js': { content: 'module.exports = 1', requires: [] } },
    dependency: { name: 'react', version: '19.0.0' },
  });
});

it('has an empty package for what the app does not import, scoped names and names of objects included', () => {
  expect(body('/__vitrine/packager/v2/packages/@babel/runtime/7.0.0.json').contents).toEqual({});
  expect(body('/__vitrine/packager/v2/packages/constructor/1.0.0.json').contents).toEqual({});
});

it('lists and serves single files as jsDelivr and unpkg do', () => {
  expect(body('/__vitrine/jsdelivr-data/v1/package/npm/react@19.0.0/flat').files).toContainEqual({
    name: '/index.js',
  });
  expect(packagerAnswer('/__vitrine/unpkg/react@19.0.0/index.js', packages)).toMatchObject({
    status: 200,
    body: 'module.exports = 1',
  });
  expect(packagerAnswer('/__vitrine/unpkg/react@19.0.0/gone.js', packages)).toMatchObject({ status: 404 });
});

it('leaves other paths alone', () => {
  expect(packagerAnswer('/__vitrine/else', packages)).toBeNull();
});
