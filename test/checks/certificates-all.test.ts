import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesAll } from '../../src/checks/certificates-all.ts';
import { judge, probeAndJudge } from './judge.ts';
import { hasProgram, type Lab, makeLab } from './openssl-lab.ts';
import { realContext } from './real-context.ts';

const DAY = 86_400_000;
const days = (count: number): Date => new Date(Date.now() + count * DAY);

describe.skipIf(!hasProgram('openssl'))('certificates.all on real files', () => {
  let lab: Lab;
  beforeAll(() => {
    lab = makeLab();
    lab.issue('root', { ca: true });
    lab.issue('old-root', { ca: true, from: days(-400), until: days(-3) });
    lab.issue('good', { by: 'root', until: days(300) });
    lab.issue('soon', { by: 'root', from: days(-300), until: days(20) });
    lab.issue('now', { by: 'root', from: days(-300), until: days(3) });
    lab.issue('gone', { by: 'root', from: days(-300), until: days(-2) });
    lab.issue('early', { by: 'root', from: days(2), until: days(300) });
    lab.issue('short', { by: 'root', from: days(-25), until: days(17) });
    lab.bundle('chain.pem', 'good.pem', 'old-root.pem');
    writeFileSync(lab.path('pass.txt'), 'opensesame\n');
    writeFileSync(lab.path('wrong.txt'), 'mellon\n');
    lab.openssl('pkcs12', '-export', '-in', 'good.pem', '-inkey', 'good.key', '-out', 'good.p12', '-passout', 'file:pass.txt');
    writeFileSync(lab.path('empty.pem'), 'nothing\n');
  });
  afterAll(() => lab?.stop());

  const at = (name: string, more: object = {}) => ({ name, kind: 'signing', file: lab.path(`${name}.pem`), ...more });
  const ask = (...certificates: object[]) => probeAndJudge(certificatesAll, realContext(), { certificates });

  it.each<[string, () => object, string, string]>([
    ['good', () => at('good', { key: lab.path('good.key') }), 'ok', 'ok'],
    ['twenty days', () => at('soon'), 'warn', 'expiring-soon'],
    ['three days', () => at('now'), 'fail', 'expiring'],
    ['expired', () => at('gone'), 'fail', 'expired'],
    ['not yet', () => at('early'), 'fail', 'not-yet-valid'],
    ['seventeen days of forty-two', () => at('short'), 'ok', 'ok'],
    ['an expired one above it', () => at('chain'), 'fail', 'chain-expired'],
    ['the key of another', () => at('good', { key: lab.path('soon.key') }), 'fail', 'key-mismatch'],
    ['no file', () => at('nowhere'), 'fail', 'missing'],
    ['no certificate', () => at('empty'), 'fail', 'no-certificate'],
    ['another number', () => at('good', { serial: 'ABCDEF' }), 'fail', 'serial-differs'],
    ['PKCS#12', () => at('good', { file: lab.path('good.p12'), passphrase: { file: lab.path('pass.txt') } }), 'ok', 'ok'],
    [
      'PKCS#12 with another passphrase',
      () => at('good', { file: lab.path('good.p12'), passphrase: { file: lab.path('wrong.txt') } }),
      'unknown',
      'unreadable',
    ],
  ])('%s', async (_name, certificate, status, code) => {
    const { judgement, facts } = await ask(certificate());
    expect(judgement).toMatchObject({ status, code });
    expect(JSON.stringify(facts)).not.toMatch(/opensesame|mellon|PRIVATE KEY/);
  });

  it('the number as it is, with colons, and in decimal', async () => {
    const { facts } = await ask(at('good'));
    const [
      {
        chain: [{ serial }],
      },
    ] = facts['certificates'] as [{ chain: [{ serial: string }] }];
    for (const written of [serial, `00:${serial.match(/../g)?.join(':')}`.toLowerCase(), String(BigInt(`0x${serial}`))])
      expect((await ask(at('good', { serial: written }))).judgement).toMatchObject({ status: 'ok' });
  });

  it('the worst of all is told, and the first to expire when all are good', async () => {
    expect((await ask(at('soon'), at('gone'), at('good'))).judgement).toMatchObject({ code: 'expired', item: 'gone' });
    expect((await ask(at('good'), at('short'))).judgement).toMatchObject({ code: 'ok', data: { name: 'short', count: 2 } });
    expect((await ask()).judgement).toMatchObject({ status: 'not-applicable' });
  });

  it('what may not be read is unknown, unless something else is wrong', async () => {
    const entry = {
      name: 'c',
      kind: 'client',
      provider: '',
      file: '/c',
      why: 'denied',
      unlock: '',
      chain: [],
      key: 'not-checked',
      serialMatches: null,
    };
    const facts = { observedAt: 0, certificates: [{ ...entry, state: 'unreadable' }] };
    expect(judge(certificatesAll, facts, { certificates: [] })).toMatchObject({ status: 'unknown' });
    const both = { observedAt: 0, certificates: [...facts.certificates, { ...entry, state: 'missing' }] };
    expect(judge(certificatesAll, both, { certificates: [] })).toMatchObject({ status: 'fail', code: 'missing' });
  });
});
