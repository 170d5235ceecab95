/** Checks of the network between two namespaces joined by a cable of their own; the far one answers, drops, refuses or lies. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from './cases.ts';
import { has } from './programs.ts';
import { openProof } from './proof.ts';

/** NEAR (10.98.0.1 on v0) is where the checks run, FAR (10.98.0.2 on v1, as in `far ip link`) is the rest of the world. */
const between = (preparation: string): string => `
NEAR=oor-near-$$ FAR=oor-far-$$
far() { ip netns exec $FAR "$@"; }
near() { ip netns exec $NEAR "$@"; }
# Not what a namespace holds by name only: that is the kernel's to end. What has ended by itself since it was listed is as good.
clean() { for each in $NEAR $FAR; do ip netns pids $each | xargs -r kill -KILL || :; ip netns del $each; done; }
trap clean EXIT
# In which namespace, and the port.
until_listens() { until "$1" ss -Hltn "sport = :$2" | grep -q .; do sleep 0.1; done; }
ip netns add $NEAR; ip netns add $FAR
ip link add v0 netns $NEAR type veth peer name v1 netns $FAR
near ip link set lo up; near ip address add 10.98.0.1/24 dev v0; near ip link set v0 up
far ip link set lo up; far ip address add 10.98.0.2/24 dev v1; far ip link set v1 up
{ ${preparation}
} </dev/null >/dev/null 2>&1
near "$@"`;

const LISTEN = 'far socat TCP-LISTEN:80,fork,reuseaddr PIPE &\nuntil_listens far 80';
/** In the far one: what to do with packets that come in. */
const filter = (...rules: readonly string[]): string =>
  [
    'far nft add table ip t',
    'far nft add chain ip t in "{ type filter hook input priority 0; }"',
    ...rules.map((rule) => `far nft add rule ip t in '${rule}'`),
  ].join('\n');

const problem =
  spawnSync('ip', ['netns', 'list']).status === 0 && process.getuid?.() === 0 && has('nft', 'socat', 'arping', 'ping')
    ? ''
    : 'no namespaces';
if (problem) process.stderr.write('skipped: no network of its own can be made here\n');

type Expected = readonly [check: string, params: Readonly<Record<string, unknown>>, status: string, code: string];

const SCENES: readonly (readonly [name: string, preparation: string, expected: readonly Expected[]])[] = [
  [
    'a cable in order',
    `${LISTEN}\nnear socat TCP-LISTEN:8090,fork,reuseaddr PIPE &\nuntil_listens near 8090\nnear ip route add default via 10.98.0.2`,
    [
      ['net.ping', { host: '10.98.0.2', port: 80 }, 'ok', 'ok'],
      ['net.tcp', { to: '10.98.0.2:80' }, 'ok', 'connected'],
      ['net.tcp', { to: '10.98.0.2:81' }, 'fail', 'refused'],
      ['net.gateway', {}, 'ok', 'ok'],
      ['net.route', { host: '10.98.0.2' }, 'ok', 'routed'],
      ['net.route', { host: '10.1.2.3', via: '10.98.0.2' }, 'ok', 'routed'],
      ['net.route', { host: '10.1.2.3', via: '10.98.0.3' }, 'fail', 'other-way'],
      ['net.arp_dup', { interfaces: ['v0'] }, 'ok', 'unique'],
      ['mtu.path', { host: '10.98.0.2' }, 'ok', 'ok'],
      ['net.errors', { interfaces: ['v0'] }, 'ok', 'clean'],
      ['nic.link', { interfaces: ['v0'] }, 'ok', 'ok'],
      ['tcp.resets', {}, 'ok', 'ok'],
      ['tcp.ports', {}, 'ok', 'ok'],
      ['port.backlog', { port: 8_090 }, 'ok', 'ok'],
      ['security.listeners', { allowed: [8_090] }, 'ok', 'expected'],
    ],
  ],
  [
    'a far side that filters',
    `${LISTEN}\nfar ip address add 10.98.0.3/24 dev v1\nfar ip address add 10.98.0.4/24 dev v1\n${filter(
      'tcp dport 82 drop',
      'tcp dport 83 reject with tcp reset',
      'tcp dport 84 reject',
      'ip daddr 10.98.0.2 icmp type echo-request meta length > 1428 drop',
      'ip daddr 10.98.0.3 icmp type echo-request numgen inc mod 2 == 0 drop',
      'ip daddr 10.98.0.4 icmp type echo-request drop',
    )}`,
    [
      ['net.tcp', { to: '10.98.0.2:82', timeout: '1s' }, 'fail', 'timed-out'],
      ['net.tcp', { to: '10.98.0.2:83' }, 'fail', 'refused'],
      ['net.tcp', { to: '10.98.0.2:84' }, 'fail', 'refused'],
      ['mtu.path', { host: '10.98.0.2' }, 'warn', 'black-hole'],
      ['net.ping', { host: '10.98.0.2', size: 1_460 }, 'fail', 'large-packets-lost'],
      ['net.ping', { host: '10.98.0.3' }, 'fail', 'loss'],
      ['net.ping', { host: '10.98.0.4' }, 'unknown', 'no-icmp'],
    ],
  ],
  [
    'a gateway that is not there, an address used twice, a narrow cable',
    'near ip route add default via 10.98.0.77\nnear ip address add 10.98.0.50/24 dev v0\nfar ip address add 10.98.0.50/24 dev v1\nnear ip link set v0 mtu 1400; far ip link set v1 mtu 1400',
    [
      ['net.gateway', {}, 'fail', 'gateway-unreachable'],
      ['net.arp_dup', { interfaces: ['v0'] }, 'fail', 'duplicate'],
      ['mtu.path', { host: '10.98.0.2' }, 'warn', 'smaller'],
      ['net.ping', { host: '10.98.0.78' }, 'fail', 'no-route'],
      ['net.tcp', { to: '10.98.0.78:80', timeout: '5s' }, 'fail', 'unreachable'],
    ],
  ],
  [
    'no way out',
    'near ip route add blackhole 10.96.0.0/16\nfar ip link set v1 down',
    [
      ['net.gateway', {}, 'fail', 'no-default-route'],
      ['net.route', { host: '10.97.0.1' }, 'fail', 'no-route'],
      ['net.route', { host: '10.96.0.1' }, 'fail', 'blackhole'],
      ['net.errors', { interfaces: ['v0'] }, 'fail', 'link-down'],
      ['nic.link', { interfaces: ['v0'] }, 'fail', 'link-down'],
    ],
  ],
  [
    'few ports, all used towards one server; a listener that does not accept',
    `${LISTEN}
echo 50000 50009 | near tee /proc/sys/net/ipv4/ip_local_port_range
for each in 1 2 3 4 5 6 7 8 9 10; do (sleep 600 | near socat - TCP:10.98.0.2:80) & done
near socat TCP-LISTEN:8080,fork,max-children=1,backlog=2 EXEC:"sleep 600" &
until_listens near 8080
far sh -c 'for each in 1 2 3 4 5; do (sleep 600 | socat - TCP:10.98.0.1:8080) & done'
until [ "$(near ss -Htn state established "dport = :80" | grep -c .)" = 10 ]; do sleep 0.1; done
until near ss -Hltn "sport = :8080" | awk '{ exit !($2 > $3) }'; do sleep 0.1; done`,
    [
      ['tcp.ports', {}, 'fail', 'exhausted'],
      ['port.backlog', { port: 8_080 }, 'fail', 'full'],
      ['port.listen', { ports: [8_080] }, 'ok', 'listening'],
      ['port.listen', { ports: [8_081] }, 'fail', 'not-listening'],
      ['security.listeners', { allowed: [80] }, 'warn', 'unexpected'],
    ],
  ],
];

describe.skipIf(problem !== '')('between two namespaces', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(() => lab.close());

  it.each(SCENES)(
    '%s',
    async (_name, preparation, expected) => {
      const cases = expected.map(([check, params]) => ({ check, params }));
      const proofs = cases.map(({ check }) => openProof(check, 'real'));
      const { said } = await lab.ask(between(preparation), cases, { atOnce: 16 });
      expect(said.map(({ check, status, code, message }) => ({ check, status, code, message }))).toEqual(
        expected.map(([check, , status, code]) => ({ check, status, code, message: '' })),
      );
      for (const [index, prove] of proofs.entries()) prove(said[index]?.status ?? 'unknown');
    },
    60_000,
  );
});
