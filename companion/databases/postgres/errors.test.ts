import { expect, test } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import { describeServerError } from './errors.ts';

const said = (code: string, message: string) =>
  describeServerError(Object.assign(new Error(message), { code }), 'the server at db:5432') as VitrineError;

test.each([
  ['28000', 'no pg_hba.conf entry for host "::1", user "x", no encryption', /sslmode=require/],
  ['28000', 'role "x" is not permitted to log in', /pg_hba\.conf/],
  ['42501', 'permission denied to create database', /CREATEDB CREATEROLE/],
  ['53300', 'sorry, too many clients already', /max_connections/],
  ['53100', 'could not extend file: No space left on device', /disk space/],
  ['57P03', 'the database system is starting up', /moment/],
  ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432', /Check that it runs/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', /certificate/],
])('%s "%s" comes with a remedy', (code, message, remedy) => {
  const error = said(code, message);
  expect(error).toBeInstanceOf(VitrineError);
  expect(error.message).toContain(message);
  expect(error.remedy).toMatch(remedy);
});

test('our own errors and mistakes of ours stay what they are', () => {
  const own = new VitrineError({ code: 'X', message: 'x', remedy: 'x' });
  const mistake = new TypeError('undefined is not a function');
  expect(describeServerError(own, 'x')).toBe(own);
  expect(describeServerError(mistake, 'x')).toBe(mistake);
});
