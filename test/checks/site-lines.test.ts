import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeLines } from '../../src/checks/site-lines.ts';

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
const tell = (here: string, there: string, path = '/etc/paygw/conf.d/site') => describeLines(path, linesOf(here), linesOf(there))?.en;
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const bodyOf = (pem: string) => linesOf(pem).filter((line) => !line.startsWith('-----'));

describe('what differs in a file', () => {
  it.each([
    ['NAME=value', 'A_KEY=1\nPOOL=5', 'A_KEY=2\nPOOL=6', 'A_KEY, POOL differ'],
    ['export', 'export A=1\nB=1', 'export A=2\nB=1', 'A differ'],
    ['name = value', 'a.b = 1\nc = 1', 'a.b = 2\nc = 1', 'a.b differ'],
    ['name: value', 'timeout: 3\nname: a', 'timeout: 4\nname: a', 'timeout differ'],
    ['"name": value', '{\n"timeout": 3,\n"name": "a"\n}', '{\n"timeout": 4,\n"name": "a"\n}', 'timeout differ'],
    ['a directive of nginx', 'listen 80;\nproxy_read_timeout 3s;', 'listen 80;\nproxy_read_timeout 4s;', 'proxy_read_timeout differ'],
    ['a value that is empty on one side', 'A=\nB=1', 'A=5\nB=1', 'A differ'],
    ['one setting that both have', 'POOL=5', 'POOL=6', 'POOL differ'],
    ['names and other lines', 'A=1\nB=1\n* * * * * root x', 'A=2\nB=1', 'A differ; other lines too'],
    ['many', 'A=1\nB=1\nC=1\nD=1\nE=1', 'A=2\nB=2\nC=2\nD=2\nE=2', 'A, B, C, D, ... differ'],
    ['nothing', 'A=1', 'A=1', undefined],
  ])('is told by name: %s', (_, here, there, expected) => {
    expect(tell(here, there)).toBe(expected);
  });

  it.each([
    ['two private keys', newKey(), newKey()],
    ['the bodies of two private keys', bodyOf(newKey()).join('\n'), bodyOf(newKey()).join('\n')],
    ['a private key among settings', `A=1\nB=1\n${newKey()}`, `A=2\nB=2\n${newKey()}`],
    ['an hmac token', 'c2VjcmV0LW9uZQ==', 'c2VjcmV0LXR3bw=='],
    ['a token with one sign at its end', 'Zm9vYmFyYmF6cXV=', 'Zm9vYmFyYmF6cXU='],
    ['a token with a sign in the middle', 'xk=ab', 'yq=cd'],
    ['a token that looks random, among settings', 'A=1\nxK9q=ab7', 'A=1\nyL8r=cd6'],
    ['a password in XML', '<password>hunter</password>', '<password>tiger</password>'],
    ['a list in JSON', '[\n"hunter",\n"tiger"\n]', '[\n"lion",\n"puma"\n]'],
    ['a list in JSON of pairs', '[\n"hunter: one",\n"x=1"\n]', '[\n"lion: two",\n"y=1"\n]'],
    ['JSON in one line', '{"password":"hunter"}', '{"password":"tiger"}'],
    ['words', 'hunter more', 'tiger less'],
    ['keys of customers in a map of nginx', 'hunter one;\ntiger two;', 'lion one;\npuma two;'],
    ['a URL with a password', 'redis://user:hunter@a/0', 'redis://user:tiger@a/0'],
  ])('is told without any of it: %s', (_, here, there) => {
    expect(tell(here, there)).toBe('content differs');
  });

  it.each([
    '/etc/paygw/hmac.key',
    '/etc/paygw/tls.pem',
    '/etc/paygw/store.p12',
    '/etc/paygw/store.JKS',
    '/etc/paygw/api-token',
    '/root/.pgpass',
  ])('is never told by line of %s', (path) => {
    expect(tell('A=1\nB=1', 'A=2\nB=2', path)).toBe('content differs');
  });
});
