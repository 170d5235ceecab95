import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netHttp } from '../../src/checks/net-http.ts';
import type { HttpExchange, HttpRequest } from '../../src/ports.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { ANY_SPEED, realContext } from './real-context.ts';

const URL_TEXT = 'https://pay.example.test/health';

function exchange(more: Partial<HttpExchange> = {}): HttpExchange {
  return {
    reached: 'done',
    status: 200,
    headers: {},
    body: 'ok',
    address: '10.0.0.5',
    timing: { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4, totalMs: 12 },
    ...more,
  };
}

function failed(reached: HttpExchange['reached'], errorCode: string, more: Partial<HttpExchange> = {}): HttpExchange {
  const { status: _status, ...rest } = exchange();
  return { ...rest, reached, errorCode, error: errorCode, body: '', ...more };
}

async function ask(answers: readonly HttpExchange[], params: Readonly<Record<string, unknown>> = {}) {
  let turn = 0;
  const http = async (): Promise<HttpExchange> => answers[Math.min(turn++, answers.length - 1)] as HttpExchange;
  return probeAndJudge(netHttp, fakeHost({ net: { http } }), { url: URL_TEXT, ...params });
}

describe('net.http names what went wrong', () => {
  it.each([
    ['ok', exchange()],
    ['ok', exchange({ status: 302 })],
    ['name-not-resolved', failed('dns', 'ENOTFOUND')],
    ['refused', failed('connect', 'ECONNREFUSED')],
    ['timed-out', failed('connect', 'ETIMEDOUT')],
    ['unreachable', failed('connect', 'EHOSTUNREACH')],
    ['unreachable', failed('connect', 'EPERM')],
    ['no-local-port', failed('connect', 'EADDRNOTAVAIL')],
    ['reset', failed('connect', 'ECONNRESET')],
    ['tls-failed', failed('tls', 'ERR_SSL_WRONG_VERSION_NUMBER')],
    ['no-response', failed('tls', 'ETIMEDOUT')],
    ['reset', failed('tls', 'ECONNRESET')],
    ['no-response', failed('request', 'ETIMEDOUT')],
    ['reset', failed('request', 'ECONNRESET')],
    ['not-http', failed('response', 'HPE_INVALID_CONSTANT')],
    ['incomplete', failed('response', 'ETIMEDOUT', { status: 200 })],
    ['incomplete', failed('response', 'ECONNRESET', { status: 200 })],
    ['bad-gateway', exchange({ status: 502 })],
    ['unavailable', exchange({ status: 503 })],
    ['gateway-timeout', exchange({ status: 504 })],
    ['server-error', exchange({ status: 500 })],
    ['unauthorized', exchange({ status: 401 })],
    ['unauthorized', exchange({ status: 403 })],
    ['rate-limited', exchange({ status: 429 })],
    ['client-error', exchange({ status: 404 })],
  ])('%s', async (code, answer) => {
    const { judgement, facts } = await ask([answer]);
    expect(judgement).toMatchObject({ code, status: code === 'ok' ? 'ok' : 'fail' });
    expect(facts['mainFailure']).toBe(code === 'ok' ? '' : code);
  });

  it.each([
    [{ expect_status: 401 }, exchange({ status: 401 }), 'ok'],
    [{ expect_status: [200, 204] }, exchange({ status: 204 }), 'ok'],
    [{ expect_status: 200 }, exchange({ status: 301 }), 'unexpected-status'],
    [{ body_contains: '"up"' }, exchange({ body: '{"status":"down"}' }), 'body-mismatch'],
    [{ body_contains: '"up"' }, exchange({ body: '{"status":"up"}' }), 'ok'],
  ])('%j', async (params, answer, code) => {
    expect((await ask([answer], params)).judgement.code).toBe(code);
  });
});

describe('net.http over several samples', () => {
  it.each([
    ['one of five fails', 5, [exchange(), exchange(), exchange({ status: 503 }), exchange(), exchange()], 'warn', 'partial', 'unavailable'],
    [
      'two of five fail',
      5,
      [exchange({ status: 503 }), exchange(), exchange({ status: 503 }), exchange(), exchange()],
      'fail',
      'partial',
      'unavailable',
    ],
    [
      'all fail, mostly resets',
      3,
      [exchange({ status: 503 }), failed('request', 'ECONNRESET'), failed('request', 'ECONNRESET')],
      'fail',
      'reset',
      'reset',
    ],
  ] as const)('%s', async (_name, samples, answers, status, code, mainFailure) => {
    const { judgement, facts } = await ask([...answers], { samples });
    expect(judgement).toMatchObject({ status, code });
    expect(facts).toMatchObject({ mainFailure });
    expect(facts['samples']).toHaveLength(samples);
  });

  it('does not wait for a third silent answer', async () => {
    const { facts } = await ask([failed('request', 'ETIMEDOUT')], { samples: 5 });
    expect(facts['samples']).toHaveLength(2);
  });

  it('says in which phase a slow answer lost its time', async () => {
    const slow = exchange({ timing: { dnsMs: 1_600, connectMs: 2, tlsMs: 3, firstByteMs: 4, totalMs: 1_612 } });
    const { judgement, facts } = await ask([slow]);
    expect(judgement).toMatchObject({ status: 'warn', code: 'slow', value: 1_612, threshold: 1_000 });
    expect(facts['slowestPhase']).toBe('dns');
  });
});

describe('net.http facts', () => {
  it('hold the body of the failure, what it asks for and the clock of the server', async () => {
    const down = exchange({
      status: 503,
      body: `{"checks":{"db":"timeout"}}${'x'.repeat(900)}`,
      headers: { 'retry-after': '120', date: new Date(FAKE_NOW + 300_000).toUTCString() },
    });
    const { facts } = await ask([exchange(), down], { samples: 2 });
    expect(facts).toMatchObject({ status: 503, retryAfter: '120', okRatio: 0.5, dateOffsetMs: 300_500 });
    expect(facts['body']).toHaveLength(500);
  });

  it('reveal no secret header', async () => {
    let sent: HttpRequest | undefined;
    const http = async (request: HttpRequest) => {
      sent = request;
      return exchange();
    };
    const context = fakeHost({ net: { http }, secrets: { TOKEN: 'hunter2' } });
    const { facts } = await probeAndJudge(netHttp, context, {
      url: URL_TEXT,
      headers: { authorization: { env: 'TOKEN' }, accept: 'text/plain' },
    });
    expect(sent?.headers).toEqual({ authorization: 'hunter2', accept: 'text/plain' });
    expect(JSON.stringify(facts)).not.toContain('hunter2');
  });

  it('tell a dead node behind the name from a live one, and leave out IPv6 where there is none', async () => {
    const dns = async ({ type }: { type: string }) => ({
      outcome: 'answered' as const,
      addresses: type === 'A' ? ['10.0.0.5', '10.0.0.6'] : ['fd00::5'],
      durationMs: 1,
    });
    const http = async ({ address = '' }: HttpRequest) =>
      address === '10.0.0.5' ? exchange() : failed('connect', address.includes(':') ? 'ENETUNREACH' : 'ECONNREFUSED', { address });
    const { facts, judgement } = await probeAndJudge(netHttp, fakeHost({ net: { dns, http } }), { url: URL_TEXT, every_address: true });
    expect(judgement).toMatchObject({ status: 'fail', code: 'partial', data: { address: '10.0.0.6', main: 'refused' } });
    expect(facts['samples']).toHaveLength(2);
  });

  it('survive an empty list of samples', () => {
    const facts = {
      observedAt: 0,
      url: URL_TEXT,
      samples: [],
      failed: 0,
      okRatio: 0,
      mainFailure: '',
      status: null,
      body: '',
      retryAfter: '',
      medianMs: null,
      slowestPhase: '',
      dateOffsetMs: null,
    };
    expect(judge(netHttp, facts, { url: URL_TEXT })).toMatchObject({ status: 'unknown', code: 'not-asked' });
  });

  it('ask for a URL', () => {
    expect(problemsOf(netHttp, { url: 'ftp://x' })).toHaveLength(1);
    expect(problemsOf(netHttp, { url: URL_TEXT, expect_status: '200' })).toHaveLength(1);
    expect(problemsOf(netHttp, { url: URL_TEXT, expect_status: null, headers: null, samples: null })).toEqual([]);
  });
});

describe('net.http against real servers', () => {
  let server: Server;
  let port = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/hung') return;
      if (request.url === '/half') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        return void setTimeout(() => response.destroy(), 50);
      }
      response.statusCode = request.url === '/502' ? 502 : 200;
      response.end(request.url === '/502' ? 'bad gateway' : '{"status":"up"}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['/', 'ok'],
    ['/502', 'bad-gateway'],
    ['/hung', 'no-response'],
    ['/half', 'incomplete'],
  ])('%s: %s', async (path, code) => {
    const timeout = path === '/hung' ? '700ms' : '60s';
    const { judgement } = await probeAndJudge(netHttp, realContext(), { url: `http://127.0.0.1:${port}${path}`, timeout }, ANY_SPEED);
    expect(judgement.code).toBe(code);
  });

  it('a server that speaks another protocol', async () => {
    const other = createTcpServer((socket) => socket.end('220 mail.example.test ESMTP\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port: otherPort } = other.address() as { port: number };
    const plain = await probeAndJudge(netHttp, realContext(), { url: `http://127.0.0.1:${otherPort}/` });
    const tls = await probeAndJudge(netHttp, realContext(), { url: `https://127.0.0.1:${otherPort}/` });
    other.close();
    expect([plain.judgement.code, tls.judgement.code]).toEqual(['not-http', 'tls-failed']);
  });
});
