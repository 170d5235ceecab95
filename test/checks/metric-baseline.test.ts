import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { metricBaseline } from '../../src/checks/metric-baseline.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { hasPrometheus, type Lab, type Sample, startPrometheus } from './prometheus-lab.ts';
import { realContext } from './real-context.ts';

const WEEK = 7 * 86_400;

function compared(change: object = {}) {
  return {
    labels: '',
    current: 0.98,
    weeks: [1, 2, 3, 4].map((ago) => ({ ago, median: 0.98, samples: 31 })),
    median: 0.98,
    spread: 0.01,
    samples: 124,
    ...change,
  };
}

function factsOf(series: readonly object[], change: object = {}) {
  return {
    observedAt: 1,
    name: 'success_rate',
    outcome: 'answered',
    note: '',
    windowSeconds: 1_800,
    series,
    dropped: 0,
    weeksUnseen: 0,
    ...change,
  };
}

const PARAMS = { prometheus: 'http://prometheus.example.test:9090', query: 'x' };
const oneWeek = [{ ago: 2, median: 0.98, samples: 31 }];

describe('metric.baseline judges', () => {
  it.each([
    ['as ever', {}, 'both', 'ok', 'usual'],
    ['a little less', { current: 0.95 }, 'both', 'ok', 'usual'],
    ['less', { current: 0.94 }, 'both', 'warn', 'low'],
    ['far less', { current: 0.9 }, 'both', 'fail', 'low'],
    ['far less, where less is trouble', { current: 0.9 }, 'lower', 'fail', 'low'],
    ['far less, where more is trouble', { current: 0.9 }, 'higher', 'ok', 'usual'],
    ['far more, where more is trouble', { current: 1.2 }, 'higher', 'fail', 'high'],
    ['far more, where less is trouble', { current: 1.2 }, 'lower', 'ok', 'usual'],
    ['far less than the only week there is', { current: 0.1, weeks: oneWeek }, 'lower', 'warn', 'low'],
    ['the first that ever was', { current: 0.1, median: 0, spread: 0 }, 'higher', 'warn', 'high'],
    ['always zero', { current: 0, median: 0, spread: 0 }, 'both', 'ok', 'usual'],
    ['nothing to hold it against', { weeks: [], median: null, spread: null, samples: 0 }, 'both', 'not-applicable', 'no-baseline'],
    ['no value now', { current: null }, 'both', 'unknown', 'no-data'],
  ])('%s', (_, change, worse, status, code) => {
    expect(judge(metricBaseline, factsOf([compared(change)]), { ...PARAMS, worse })).toMatchObject({ status, code });
    // The same when the profile says it beside the query.
    expect(judge(metricBaseline, factsOf([compared(change)]), { ...PARAMS, query: { promql: 'x', worse } })).toMatchObject({
      status,
      code,
    });
  });

  it('the worst of several series, and one that went', () => {
    const [good, bad] = [compared({ labels: '{p="a"}' }), compared({ labels: '{p="b"}', current: 0.5 })];
    expect(judge(metricBaseline, factsOf([good, bad]), PARAMS)).toMatchObject({ status: 'fail', data: { name: 'success_rate {p="b"}' } });
    const gone = compared({ labels: '{p="c"}', current: null });
    expect(judge(metricBaseline, factsOf([good, gone]), PARAMS)).toMatchObject({ status: 'warn', code: 'gone' });
    expect(judge(metricBaseline, factsOf([good, bad, gone]), PARAMS)).toMatchObject({ status: 'fail', code: 'low' });
  });

  it('no week seen because none could be asked is unknown', () => {
    const series = [compared({ weeks: [], median: null, spread: null })];
    expect(judge(metricBaseline, factsOf(series, { weeksUnseen: 4, note: 'busy' }), PARAMS)).toMatchObject({ status: 'unknown' });
  });
});

/** Four weeks of a rate near 0.98 by the minute, one of them with an outage, and now. */
function history(now: number, metric: string, current: number, weeks = [1, 2, 3, 4]): Sample[] {
  const past = weeks.flatMap((ago) =>
    Array.from({ length: 61 }, (_, minute) => ({
      metric,
      at: now - ago * WEEK - minute * 60,
      value: ago === 2 && weeks.length > 1 ? 0.1 : 0.98 + 0.002 * ((minute % 5) - 2),
    })),
  );
  return [...past, { metric, at: now - 60, value: current }, { metric, at: now - 5, value: current }];
}

describe.skipIf(!hasPrometheus())('metric.baseline asks a real Prometheus', () => {
  let lab: Lab;
  beforeAll(async () => {
    const now = Math.floor(Date.now() / 1_000);
    lab = await startPrometheus([
      ...history(now, 'good', 0.979),
      ...history(now, 'bad', 0.7),
      ...history(now, 'young', 0.5, []),
      ...history(now, 'second', 0.5, [1]),
      ...history(now, 'rate{provider="bank"}', 0.98),
      ...history(now, 'rate{provider="card"}', 0.2),
    ]);
  });
  afterAll(() => lab.stop());
  const ask = (query: string, more: object = {}) =>
    probeAndJudge(metricBaseline, realContext(), { name: 'rate', prometheus: lab.url, query, ...more });

  it('a usual value, although one of the weeks was bad', async () => {
    const { facts, judgement } = await ask('good');
    expect(judgement).toMatchObject({ status: 'ok', code: 'usual' });
    expect(facts).toMatchObject({ outcome: 'answered', windowSeconds: 1_800, weeksUnseen: 0 });
    const [found] = facts['series'] as [ReturnType<typeof compared>];
    expect(found).toMatchObject({ current: 0.979, median: 0.98 });
    expect(found.weeks.map(({ ago }) => ago)).toEqual([1, 2, 3, 4]);
    expect(found.samples).toBeGreaterThan(100);
  });

  it.each([
    ['bad', {}, 'fail', 'low'],
    ['bad', { worse: 'higher' }, 'ok', 'usual'],
    ['1 - bad', { worse: 'higher' }, 'fail', 'high'],
    ['second', {}, 'warn', 'low'],
    ['young', {}, 'not-applicable', 'no-baseline'],
    ['nothing_like_it', {}, 'unknown', 'no-data'],
    ['good / (good - good)', {}, 'unknown', 'no-data'],
    ['sum(rate', {}, 'unknown', 'bad-query'],
    ['scalar(good)', {}, 'ok', 'usual'],
    ['rate', {}, 'fail', 'low'],
  ])('%s %j: %s', async (query, more, status, code) => {
    expect((await ask(query, more)).judgement).toMatchObject({ status, code });
  });

  it('by series, the worst one named', async () => {
    expect((await ask('rate')).judgement.data).toMatchObject({ name: 'rate rate{provider="card"}' });
  });

  it('behind a login and below a path', async () => {
    const now = Math.floor(Date.now() / 1_000);
    // The password is `till`.
    const hash = '$2b$04$abcdefghijklmnopqrstuuokk6ZUmrUbZ27GGQ9ZePYkwZRAK8fCC';
    const closed = await startPrometheus(history(now, 'good', 0.979), { prefix: '/prometheus', users: { oor: hash } });
    try {
      const params = { prometheus: `${closed.url}/`, query: 'good' };
      const context = { ...realContext(), secrets: { reveal: async () => 'till' } };
      const login = { username: 'oor', password: { env: 'PROMETHEUS_PASSWORD' } };
      expect((await probeAndJudge(metricBaseline, context, { ...params, credentials: login })).judgement).toMatchObject({ code: 'usual' });
      expect((await probeAndJudge(metricBaseline, context, params)).judgement).toMatchObject({ status: 'unknown', code: 'unauthorized' });
      const wrong = { ...context, secrets: { reveal: async () => 'wrong' } };
      expect((await probeAndJudge(metricBaseline, wrong, { ...params, credentials: login })).judgement).toMatchObject({
        code: 'unauthorized',
      });
    } finally {
      closed.stop();
    }
  });
});

describe('metric.baseline and what only looks like Prometheus', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const ask = (prometheus: string, more: object = {}) =>
    probeAndJudge(metricBaseline, realContext(), { prometheus, query: 'x', timeout: '30s', ...more });

  it.each<[string, RequestListener, string]>([
    [
      'an error page',
      (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>'),
      'not-prometheus',
    ],
    ['a login page', (_, response) => response.end('<form>'), 'not-prometheus'],
    ['JSON of another kind', (_, response) => response.end('{"status":"success","data":[1]}'), 'not-prometheus'],
    ['a gateway without the server behind it', (_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'), 'overloaded'],
    [
      'a server that gave up',
      (_, response) =>
        response.writeHead(503).end('{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}'),
      'overloaded',
    ],
    ['silence', () => {}, 'no-response'],
    ['an answer that breaks off', (_, response) => void response.writeHead(200, { 'content-length': '99' }).write('{'), 'no-response'],
  ])('%s', async (_, listener, code) => {
    const waits = code === 'no-response' ? { timeout: '700ms' } : {};
    expect((await ask(await serve(listener), waits)).judgement).toMatchObject({ status: 'unknown', code });
  });

  it('a redirect is not followed', async () => {
    const asked: string[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    const prometheus = await serve((_, response) => response.writeHead(302, { location: `${elsewhere}/login` }).end());
    expect((await ask(prometheus)).judgement).toMatchObject({ status: 'unknown', code: 'redirected' });
    expect(asked).toEqual([]);
  });

  it('an endless answer is cut off', async () => {
    let sent = 0;
    const prometheus = await serve((request, response) => {
      const timer = setInterval(() => {
        sent += 65_536;
        response.write('1'.repeat(65_536));
      }, 1);
      request.on('close', () => clearInterval(timer));
    });
    expect((await ask(prometheus)).judgement).toMatchObject({ status: 'unknown', code: 'too-large' });
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  it('five hundred series: fifty are kept, the rest counted', async () => {
    const result = Array.from({ length: 500 }, (_, index) => ({ metric: { i: String(index) }, value: [1, '1'] }));
    const prometheus = await serve((request, response) => {
      const past = request.url?.includes('query_range');
      response.end(JSON.stringify({ status: 'success', data: { resultType: past ? 'matrix' : 'vector', result: past ? [] : result } }));
    });
    const { facts } = await ask(prometheus);
    expect(facts).toMatchObject({ dropped: 450 });
    expect(facts['series']).toHaveLength(50);
  });

  it('reads with GET, with a deadline for the server, and a bearer token from a secret', async () => {
    const asked: { method?: string | undefined; url: URL; authorization?: string | undefined }[] = [];
    const prometheus = await serve(({ method, url, headers: { authorization } }, response) => {
      asked.push({ method, url: new URL(url ?? '', 'http://x'), authorization });
      response.end('{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["partial answer"]}');
    });
    const context = { ...realContext(), secrets: { reveal: async () => 't0ken\n' } };
    const { facts } = await probeAndJudge(metricBaseline, context, { prometheus, query: 'a & b', credentials: { env: 'TOKEN' } });
    expect(
      asked.map(({ method, authorization, url }) => `${method} ${authorization} ${url.pathname} ${url.searchParams.get('query')}`),
    ).toEqual(['GET Bearer t0ken /api/v1/query a & b', ...Array(4).fill('GET Bearer t0ken /api/v1/query_range a & b')]);
    expect(asked[0]?.url.searchParams.get('timeout')).toBe('5s');
    expect(facts).toMatchObject({ note: 'partial answer' });
    expect(JSON.stringify(facts)).not.toContain('t0ken');
  });

  it('nobody there, and no secret', async () => {
    expect((await ask('http://127.0.0.1:1')).judgement).toMatchObject({ status: 'unknown', code: 'unreachable' });
    await expect(probeAndJudge(metricBaseline, fakeHost(), { ...PARAMS, credentials: { env: 'TOKEN' } })).rejects.toThrow('TOKEN');
  });
});
