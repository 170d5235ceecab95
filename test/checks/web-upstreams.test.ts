import { utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { parseNginxDump } from '../../src/checks/parse-nginx.ts';
import { webUpstreams } from '../../src/checks/web-upstreams.ts';
import { closeServers, findClosedPort, startTcp } from '../adapters/servers.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { comesTo, has, startProgram } from './programs.ts';
import { realContext } from './real-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

afterEach(closeServers);

describe('what nginx -T prints', () => {
  it('is read for groups and targets, whatever is quoted, commented or nested', () => {
    const dump = `# configuration file /etc/nginx/nginx.conf:
http {
  # upstream gone { server 10.0.0.9:1; }
  upstream app {
    zone app 64k; server 10.0.0.1:8080 weight=5; server "10.0.0.2:8080" down; server unix:/run/app.sock backup;
    server [::1]:9000; server app3.example.test;
  }
  upstream idle { server 10.9.9.9:1; }
  log_format x 'proxy_pass http://quoted; { $request';
  server { location / { if ($a) { proxy_pass http://app/v1; } }
    location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }
    location /b { proxy_pass https://bank.example.test/pay; } location /c { proxy_pass http://unix:/run/c.sock:/x; }
    location /g { grpc_pass grpc://127.0.0.1:50051; } location /d { proxy_pass http://$where; } }
}
# configuration file /etc/nginx/conf.d/tcp.conf:
stream { upstream db { server 10.0.0.3:5432; } server { listen 5432; proxy_pass db; } }
`;
    const { upstreams, dynamic, files } = parseNginxDump(dump);
    expect(files).toEqual(['/etc/nginx/nginx.conf', '/etc/nginx/conf.d/tcp.conf']);
    expect(dynamic).toBe(1);
    const addresses = Object.fromEntries(upstreams.map(({ name, servers }) => [name, servers.map(({ address }) => address)]));
    expect(addresses).toEqual({
      app: ['10.0.0.1:8080', '10.0.0.2:8080', 'unix:/run/app.sock', '[::1]:9000', 'app3.example.test:80'],
      idle: ['10.9.9.9:1'],
      db: ['10.0.0.3:5432'],
      'unix:/run/php.sock': ['unix:/run/php.sock'],
      'bank.example.test:443': ['bank.example.test:443'],
      'unix:/run/c.sock': ['unix:/run/c.sock'],
      '127.0.0.1:50051': ['127.0.0.1:50051'],
    });
    const [app] = upstreams;
    expect(app?.servers.map(({ down, backup }) => [down, backup])).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [false, false],
      [false, false],
    ]);
  });

  it('tells a group that nothing uses, unless a variable may', () => {
    const group = 'upstream a { server x:1; }';
    expect(parseNginxDump(group).upstreams).toMatchObject([{ name: 'a', used: false }]);
    expect(parseNginxDump(`${group} server { proxy_pass http://$b; }`).upstreams).toMatchObject([{ name: 'a', used: true }]);
  });
});

const server = (outcome: string | null, down = false) => ({ address: `10.0.0.${outcome?.length ?? 0}:80`, down, backup: false, outcome });
const facts = (servers: readonly object[], more: object = {}) => ({
  observedAt: 0,
  present: true,
  upstreams: [{ name: 'app', used: true, servers }],
  dynamic: 0,
  reloadPending: false,
  ...more,
});

it.each([
  ['all reached', facts([server('connected'), server('connected')]), 'ok', 'ok'],
  ['all reached, one marked down', facts([server('connected'), server(null, true)]), 'ok', 'ok'],
  ['one of two refuses', facts([server('connected'), server('refused')]), 'warn', 'partial'],
  ['none reached', facts([server('refused'), server('timed-out')]), 'fail', 'unreachable'],
  ['the only one not marked down refuses', facts([server(null, true), server('refused')]), 'fail', 'unreachable'],
  ['all marked down', facts([server(null, true)]), 'fail', 'all-down'],
  ['a group that nothing uses', facts([], { upstreams: [{ name: 'x', used: false, servers: [server(null)] }] }), 'not-applicable', 'none'],
  ['only variables', facts([], { upstreams: [], dynamic: 2 }), 'unknown', 'only-dynamic'],
  ['changed since', facts([server('connected')], { reloadPending: true }), 'warn', 'not-loaded'],
  ['reload unknown', facts([server('connected')], { reloadPending: null }), 'ok', 'ok'],
  ['not all were asked', facts([server('connected'), server(null)]), 'unknown', 'not-asked'],
  ['no nginx', { ...facts([]), present: false }, 'not-applicable', 'absent'],
])('judges: %s', (_name, given, status, code) => {
  expect(judge(webUpstreams, given)).toMatchObject({ status, code });
});

describe('without an answer of nginx', () => {
  const ask = (result: object | null, params = {}) =>
    probeAndJudge(webUpstreams, fakeHost({ commands: { 'nginx -T': result, 'nginx -T -q': result } }), params);

  it('that is not there is not-applicable, and missing where it was declared', async () => {
    expect((await ask(null)).judgement).toMatchObject({ status: 'not-applicable', code: 'absent' });
    await expect(ask(null, { config_test: ['nginx', '-t', '-q'] })).rejects.toMatchObject({ reason: 'missing-tool' });
    expect((await probeAndJudge(webUpstreams, fakeHost(), { config_test: ['apachectl', 'configtest'] })).judgement.code).toBe('absent');
  });

  it.each([
    ['nginx: [emerg] BIO_new_file("/etc/ssl/key.pem") failed (SSL: error:8000000D:system library::Permission denied)', 'no-permission'],
    ['nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:1', 'io'],
  ])('%s is unknown', async (stderr, reason) => {
    await expect(ask({ exitCode: 1, stderr })).rejects.toMatchObject({ reason, unlock: expect.any(String) });
  });
});

describe.skipIf(!has('nginx') || process.getuid?.() !== 0)('a real nginx', () => {
  const folder = temporaryFolder();
  const conf = join(folder, 'nginx.conf');
  const write = (app: string, listen: number) =>
    writeFileSync(
      conf,
      `worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;\nevents {}\nhttp { access_log off; upstream app { ${app} } server { listen 127.0.0.1:${listen}; location / { proxy_pass http://app; } location /f { fastcgi_pass unix:${folder}/f.sock; } } }\n`,
    );
  const params = { config_test: ['nginx', '-t', '-c', conf] };
  const ask = () => probeAndJudge(webUpstreams, { ...realContext(), timeoutMs: 8_000 }, params);

  it('follows its servers, and tells that a changed configuration was not loaded', async () => {
    const [listen, gone] = [await findClosedPort(), await findClosedPort()];
    const first = await startTcp(() => {});
    const socket = createServer().listen(join(folder, 'f.sock'));
    onTestFinished(() => void socket.close());
    write(`server 127.0.0.1:${first}; server 127.0.0.1:${gone} down;`, listen);
    const nginx = startProgram(['nginx', '-c', conf, '-g', 'daemon off;']);
    onTestFinished(() => nginx.stop());
    const running = await comesTo(ask, ({ facts: seen }) => seen.reloadPending === false);
    expect(running.facts).toMatchObject({
      reloadPending: false,
      upstreams: [
        { name: 'app', used: true, servers: [{ outcome: 'connected' }, { down: true, outcome: null }] },
        { name: `unix:${folder}/f.sock`, servers: [{ outcome: 'connected' }] },
      ],
    });
    expect(running.judgement).toMatchObject({ status: 'ok', code: 'ok' });

    write(`server 127.0.0.1:${first}; server 127.0.0.1:${gone};`, listen);
    expect((await ask()).judgement).toMatchObject({ status: 'warn', code: 'partial', data: { name: 'app' } });
    write(`server 127.0.0.1:${gone};`, listen);
    expect((await ask()).judgement).toMatchObject({ status: 'fail', code: 'unreachable', data: { name: 'app' } });
    write(`server 127.0.0.1:${first};`, listen);
    const later = Date.now() / 1_000 + 60;
    utimesSync(conf, later, later);
    expect((await ask()).judgement).toMatchObject({ status: 'warn', code: 'not-loaded' });
  });
});
