import { expect, test } from 'vitest';
import { normaliseHost, parseHostRule, ruleCovers } from './host-rule.ts';

const covers = (entry: string, host: string, port: number) => {
  const rule = parseHostRule(entry);
  const name = normaliseHost(host);
  return rule !== null && name !== null && ruleCovers(rule, name, port);
};

test.each([
  ['example.org', 'example.org', 443, true],
  ['example.org', 'EXAMPLE.org.', 80, true],
  ['example.org', 'www.example.org', 443, false],
  ['example.org', 'example.org', 8443, false],
  ['example.org', 'example.org', 25, false],
  ['example.org:8443', 'example.org', 8443, true],
  ['example.org:8443', 'example.org', 443, false],
  ['*.example.org', 'a.b.example.org', 443, true],
  ['*.example.org', 'example.org', 443, false],
  ['*.example.org', 'evilexample.org', 443, false],
  ['*.example.org:9000', 'a.example.org', 9000, true],
  ['example.org', 'example.org.evil.example', 443, false],
  ['[::1]:9000', '::1', 9000, true],
  ['[0:0:0:0:0:0:0:1]:9000', '[::1]', 9000, true],
  ['127.0.0.1:9000', '2130706433', 9000, true],
  ['127.0.0.1:9000', '0x7f.1', 9000, true],
  ['bücher.example', 'xn--bcher-kva.example', 443, false],
])('%s and %s:%i: %s', (entry, host, port, expected) => {
  expect(covers(entry, host, port)).toBe(expected);
});

test.each([
  '',
  '*',
  '*.',
  '*.com',
  '*.127.0.0.1',
  'a b',
  'http://x.example',
  'x.example/p',
  'x@y',
  'x.example:0',
  'x.example:70000',
])('the entry "%s" says nothing', (entry) => {
  expect(parseHostRule(entry)).toBeNull();
});
