import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * What an address leads to. `machine`: this machine or what is nearest to it, a cloud's metadata service included.
 * `local`: somebody's own network. `public`: the internet.
 */
export type AddressKind = 'machine' | 'local' | 'public';

const MACHINE = listOf([
  '0.0.0.0/8', // "this host"; Linux takes 0.0.0.0 for loopback (attack 9)
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, with the metadata services of most clouds
  '168.63.129.16/32', // Azure's
  '100.100.100.200/32', // Alibaba's
  '::/127', // unspecified and loopback
  'fe80::/10',
  'fd00:ec2::254/128', // Amazon's
]);

/** RFC 6890's special registries, and what embeds another address. */
const LOCAL = listOf([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23', // Teredo and other protocols
  '2001:db8::/32',
  'fc00::/7',
  'fec0::/10',
  'ff00::/8',
]);

/** IPv4 addresses inside IPv6 ones, by what precedes them: mapped, compatible, NAT64, and 6to4 with its suffix. */
const EMBEDDING = {
  mapped: '::ffff:0:0/96',
  translated: '::ffff:0:0:0/96',
  compatible: '::/96',
  nat64: '64:ff9b::/96',
};
const EMBEDDING_LISTS = Object.values(EMBEDDING).map((prefix) => listOf([prefix]));
const SIX_TO_FOUR = listOf(['2002::/16']);

/** What kind of address this is. What is no address at all is `machine`: the kind least is reached by. */
export function addressKind(address: string): AddressKind {
  if (isIPv4(address)) return kindIn(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return 'machine';
  const own = kindIn(address, 'ipv6');
  if (own !== 'public') return own;
  const inner = embeddedAddress(address);
  return inner === null ? 'public' : addressKind(inner);
}

function kindIn(address: string, family: 'ipv4' | 'ipv6'): AddressKind {
  if (MACHINE.check(address, family) || ownAddresses().has(address)) return 'machine';
  return LOCAL.check(address, family) ? 'local' : 'public';
}

function embeddedAddress(address: string): string | null {
  const words = wordsOf(address);
  if (EMBEDDING_LISTS.some((list) => list.check(address, 'ipv6'))) return dotted(words[6], words[7]);
  if (SIX_TO_FOUR.check(address, 'ipv6')) return dotted(words[1], words[2]);
  return null;
}

/** The eight 16-bit words of an IPv6 address. */
function wordsOf(address: string): number[] {
  // A URL writes the last two words of `::ffff:1.2.3.4` in hexadecimal too.
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [before = '', after] = plain.split('::');
  const words = (text: string) =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const [left, right] = [words(before), words(after ?? '')];
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

const dotted = (high = 0, low = 0): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/** Addresses of this machine's own interfaces: a public one leads to its services just as 127.0.0.1 does. */
function ownAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []),
  );
}

function listOf(prefixes: string[]): BlockList {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [network = '', length] = prefix.split('/');
    list.addSubnet(network, Number(length), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
