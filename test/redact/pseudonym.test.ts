import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

/** Legible here; keyed in the product. */
const pseudonym = (kind: string, value: string) => `${kind}~${[...value].reverse().join('')}`.replace(/[.:@+]/g, '_');
const redactor = createRedactor({ personal: { pseudonym, names: ['gw1'] } });

function clean(text: string): string {
  return redactor.text(text).text;
}

describe('whose it is', () => {
  it.each([
    ['to Ops.Team+x@Example.com now', 'to [EMAIL:email~moc_elpmaxe@x_maet_spo] now'.replace('@', '_')],
    ['peer 10.20.4.7:8443', 'peer [IP:ip~7_4_02_01]:8443'],
    ['from 2001:db8::7 port 22', 'from [IP:ip~7__8bd_1002] port 22'],
    ['call 138 1234 5678 or +86-13812345678', 'call [PHONE:phone~87654321831] or [PHONE:phone~87654321831]'],
    ['+49 30 901820-12', '[PHONE:phone~210281090394]'.replace('210281090394', '21028109 0394'.replace(' ', ''))],
    ['id 11010519491231002X.', 'id [ID-NUMBER:id-number~X20013219491501011].'.replace('X20013219491501011', 'X20013219491501011')],
    ['user=alice; "buyer_id":"2088102"', 'user=[ACCOUNT:account~ecila]; "buyer_id":"[ACCOUNT:account~2018802]"'],
    ['Accepted publickey for deploy from 10.0.0.9', 'Accepted publickey for [ACCOUNT:account~yolped] from [IP:ip~9_0_0_01]'],
    ['https://api.bank.example/v1', 'https://[HOST:host~elpmaxe_knab_ipa]/v1'],
    ['redis://cache-1:6379/0', 'redis://[HOST:host~1-ehcac]:6379/0'],
    ['Nov 28 06:41:13 db7 sshd[12]: hi', 'Nov 28 06:41:13 [HOST:host~7bd] sshd[12]: hi'],
    ['down: gw1, gw10', 'down: [HOST:host~1wg], gw10'],
    ['user=alice paid 4111111111111111 cvv=123', 'user=[ACCOUNT:account~ecila] paid 411111******1111 cvv=[CVV]'],
  ])('%s', (text, expected) => {
    expect(clean(text)).toBe(expected);
    expect(clean(expected)).toBe(expected);
  });

  it.each([
    'listening on 127.0.0.1:8080 and 0.0.0.0, [::1]',
    'version 1.2.3.4.5 and 300.1.1.1',
    'at com.example.pay.PayService.run(PayService.java:17)',
    'mac 52:54:00:12:34:56 at 06:41:13',
    'read app.log, main.py and lib.so',
    'id 110105194912310021 order 2026112800012345678',
    'order 13812345678901 epoch 1748503543012',
    'user: null, account=unknown',
  ])('%s is nobody', (text) => expect(clean(text)).toBe(text));

  it('has one name throughout', () => {
    const { text } = redactor.text('a@b.com x 10.0.0.7 y A@B.COM z 10.0.0.7');
    const [first, second, third, fourth] = text.match(/\[[^\]]+\]/g) ?? [];
    expect([first, second]).toEqual([third, fourth]);
  });
});

describe('card numbers under a pseudonym', () => {
  const masked = createRedactor({ panPseudonym: pseudonym });
  it.each([
    ['pan=4111111111111111', 'pan=[PAN:pan~1111111111111114]'],
    ['4111 1111 1111 1111', '[PAN:pan~1111111111111114]'],
    ['{"pan":4111111111111111}', '{"pan":"[PAN:pan~1111111111111114]"}'],
    ['34313131313131313131313131313131', '[PAN:pan~1111111111111114]'],
    ['41111111\n11111111', '[PAN:pan~1111111111111114]\n'],
    ['once 411111******1111, 411111XXXXXX1111 and 411111xxxxxx1111', 'once [PAN:masked], [PAN:masked] and [PAN:masked]'],
    [';4111111111111111=25121011000012345678?', '[TRACK2]'],
  ])('%j', (text, expected) => expect(masked.text(text).text).toBe(expected));
});
