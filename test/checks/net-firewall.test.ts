import { afterAll, describe, expect, it } from 'vitest';
import { parseIptablesSave } from '../../src/checks/firewall-iptables.ts';
import { findObstacle, type Packet } from '../../src/checks/firewall-rules.ts';
import { netFirewall } from '../../src/checks/net-firewall.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { makeNamespace } from './network-namespace.ts';

const BANK = '192.0.2.7';
const to = `${BANK}:8443`;

const space = makeNamespace('firewall');
afterAll(() => space?.remove());

/** Rules as an administrator types them, and what they do to a connection to the bank's port. */
const RULES: readonly (readonly [string, readonly string[], string])[] = [
  ['no rule', [], 'open'],
  ['a rejected port', ['iptables -A OUTPUT -d 192.0.2.7 -p tcp --dport 8443 -j REJECT'], 'rejects'],
  ['a dropped network', ['iptables -A OUTPUT -d 192.0.2.0/24 -j DROP'], 'drops'],
  ['another port', ['iptables -A OUTPUT -d 192.0.2.7 -p tcp --dport 443 -j REJECT'], 'open'],
  ['another protocol', ['iptables -A OUTPUT -d 192.0.2.7 -p udp --dport 8443 -j DROP'], 'open'],
  ['everybody but the bank', ['iptables -A OUTPUT ! -d 192.0.2.7 -j DROP'], 'open'],
  [
    'accepted before it is dropped',
    ['iptables -A OUTPUT -p tcp --dport 8443 -j ACCEPT', 'iptables -A OUTPUT -d 192.0.2.7 -j DROP'],
    'open',
  ],
  ['a chain of its own', ['iptables -N banks', 'iptables -A banks -j DROP', 'iptables -A OUTPUT -d 192.0.2.7 -j banks'], 'drops'],
  ['the answers', ['iptables -A INPUT -s 192.0.2.7 -p tcp --sport 8443 -j DROP'], 'drops'],
  ['established answers pass', ['iptables -P INPUT DROP', 'nft add rule ip filter INPUT ct state established,related accept'], 'open'],
  ['a closed policy', ['iptables -P OUTPUT DROP'], 'drops'],
  ['one user only', ['iptables -A OUTPUT -m owner --uid-owner 12 -d 192.0.2.7 -j DROP'], 'may-stop'],
  [
    'nft with a set and ranges',
    [
      'nft add table inet t',
      'nft "add set inet t bad { type ipv4_addr; flags interval; elements = { 192.0.2.0/28 } }"',
      'nft "add chain inet t o { type filter hook output priority 0; }"',
      'nft "add rule inet t o ip daddr @bad tcp dport { 443, 8000-8999 } reject with tcp reset"',
    ],
    'rejects',
  ],
  [
    'nft on the loopback only',
    [
      'nft add table inet t',
      'nft "add chain inet t o { type filter hook output priority 0; }"',
      'nft add rule inet t o oifname lo tcp dport 8443 drop',
    ],
    'open',
  ],
];

/** The same for a customer's connection to a port of this machine (the loopback's address stands for it). */
const INBOUND: readonly (readonly [string, readonly string[], string])[] = [
  ['no rule', [], 'open'],
  ['the port is dropped', ['iptables -A INPUT -p tcp --dport 443 -j DROP'], 'drops'],
  ['the port is rejected', ['iptables -A INPUT -p tcp --dport 443 -j REJECT'], 'rejects'],
  ['the answers are dropped', ['iptables -A OUTPUT -p tcp --sport 443 -j DROP'], 'drops'],
  ['another port', ['iptables -A INPUT -p tcp --dport 8443 -j DROP'], 'open'],
  ['accepted before it is dropped', ['iptables -A INPUT -p tcp --dport 443 -j ACCEPT', 'iptables -A INPUT -p tcp -j DROP'], 'open'],
];

describe.skipIf(space === null)('net.firewall in a namespace of its own', () => {
  it.each(INBOUND)('inbound: %s', async (_name, lines, code) => {
    space?.sh('nft flush ruleset; iptables -P OUTPUT ACCEPT; iptables -P INPUT ACCEPT; ip link set lo up');
    for (const line of lines) space?.sh(line);
    const { context } = space as NonNullable<typeof space>;
    const { judgement } = await probeAndJudge(netFirewall, context, { to: '127.0.0.1:443', inbound: true });
    expect(judgement.code).toBe(code);
    expect((await probeAndJudge(netFirewall, context, { to, inbound: true })).judgement).toMatchObject({ status: 'not-applicable' });
  });

  it.each(RULES)('%s', async (_name, lines, code) => {
    space?.sh('nft flush ruleset; iptables -P OUTPUT ACCEPT; iptables -P INPUT ACCEPT');
    for (const line of lines) space?.sh(line);
    const { judgement, facts } = await probeAndJudge(netFirewall, (space as NonNullable<typeof space>).context, { to });
    expect({ code: judgement.code, tool: facts['tool'] }).toEqual({ code, tool: 'nft' });
  });

  it('iptables-save says the same where there is no nft', async () => {
    for (const [, lines, code] of RULES.filter(([, lines]) => lines.every((line) => line.startsWith('iptables')))) {
      space?.sh('nft flush ruleset; iptables -P OUTPUT ACCEPT; iptables -P INPUT ACCEPT');
      for (const line of lines) space?.sh(line);
      const { context } = space as NonNullable<typeof space>;
      const run: typeof context.host.run = (argv, options) =>
        argv[0] === 'nft' ? Promise.reject(new HostError('missing-tool', 'nft: not found')) : context.host.run(argv, options);
      const { judgement } = await probeAndJudge(netFirewall, { ...context, host: { ...context.host, run } }, { to });
      expect([lines, judgement.code]).toEqual([lines, code]);
    }
  });
});

describe('net.firewall elsewhere', () => {
  it('without the right to read the rules nothing is claimed', async () => {
    const context = fakeHost({
      commands: {
        'nft -j list ruleset': {
          exitCode: 1,
          stderr: 'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed',
        },
      },
    });
    await expect(netFirewall.probe({ to }, context)).rejects.toMatchObject({
      reason: 'no-permission',
      unlock: expect.stringContaining('CAP_NET_ADMIN'),
    });
  });

  it('a name without an address is unknown', () => {
    const facts = { observedAt: 1, host: 'nowhere.example', port: 1, addresses: [], tool: 'nft', rules: 0, obstacle: null };
    expect(judge(netFirewall, facts, { to: 'nowhere.example:1' })).toMatchObject({ status: 'unknown' });
  });

  const packet: Packet = { daddr: '2001:db8::5', dport: 443, state: 'new' };
  it.each([
    ['-d 2001:db8::/32 -j DROP', 'drop'],
    ['-d 2001:db9::/32 -j DROP', undefined],
    ['-p tcp -m multiport --dports 80,440:450 -j REJECT', 'reject'],
    ['-m conntrack --ctstate ESTABLISHED -j DROP', undefined],
    ['-m comment --comment "not, this one" -p tcp --dport 443 -j DROP', 'drop'],
  ])('iptables rule %s', (rule, verdict) => {
    const chains = parseIptablesSave(`*filter\n:OUTPUT ACCEPT [0:0]\n[7:420] -A OUTPUT ${rule}\nCOMMIT\n`);
    expect(findObstacle(chains, ['output'], packet)?.verdict).toBe(verdict);
  });

  it('a circle of chains ends', () => {
    const text = '*filter\n:OUTPUT ACCEPT [0:0]\n:a - [0:0]\n-A OUTPUT -j a\n-A a -j a\nCOMMIT\n';
    expect(findObstacle(parseIptablesSave(text), ['output'], packet)).toBeUndefined();
  });
});
