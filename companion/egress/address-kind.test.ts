import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { addressKind } from './address-kind.ts';

test.each([
  ['93.184.216.34', 'public'],
  ['2606:2800:220:1::1', 'public'],
  ['127.0.0.1', 'machine'],
  ['127.255.0.9', 'machine'],
  ['0.0.0.0', 'machine'],
  ['169.254.169.254', 'machine'],
  ['168.63.129.16', 'machine'],
  ['100.100.100.200', 'machine'],
  ['::', 'machine'],
  ['::1', 'machine'],
  ['fe80::1', 'machine'],
  ['fe80::1%eth0', 'machine'],
  ['fd00:ec2::254', 'machine'],
  ['::ffff:127.0.0.1', 'machine'],
  ['::ffff:7f00:1', 'machine'],
  ['::127.0.0.1', 'machine'],
  ['64:ff9b::7f00:1', 'machine'],
  ['2002:7f00:1::', 'machine'],
  ['10.1.2.3', 'local'],
  ['172.31.255.255', 'local'],
  ['192.168.1.1', 'local'],
  ['100.64.0.1', 'local'],
  ['224.0.0.251', 'local'],
  ['255.255.255.255', 'local'],
  ['fd12::1', 'local'],
  ['ff02::1', 'local'],
  ['::ffff:10.0.0.1', 'local'],
  ['64:ff9b::a00:1', 'local'],
  ['2002:c0a8:101::', 'local'],
  ['2001:0:5ef5:79fb::1', 'local'],
  ['172.32.0.1', 'public'],
  ['100.128.0.1', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['not an address', 'machine'],
])('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});

test('this machine’s own addresses lead to this machine, public ones too', () => {
  for (const { address } of Object.values(networkInterfaces()).flatMap((each) => each ?? []))
    expect(addressKind(address)).toBe('machine');
});
