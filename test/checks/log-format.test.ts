import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../src/checks/log-format.ts';
import { makeTimeReader } from '../../src/checks/log-time.ts';

const clock = { timeOf: (line: string) => makeTimeReader(Date.UTC(2026, 0, 15))(line)?.ms };
const detect = (...lines: string[]) => detectFormat(lines, clock);

describe('detectFormat', () => {
  it.each([
    ['common', '10.0.0.7 - - [15/Jan/2026:11:55:00 +0000] "GET / HTTP/1.1" 200 157', ['time', 'status', 'request']],
    ['combined', '10.0.0.7 - bob [15/Jan/2026:11:55:00 +0000] "GET / HTTP/1.1" 200 157 "-" "curl"', ['time', 'status', 'request']],
    [
      'combined',
      '10.0.0.7 - - [15/Jan/2026:11:55:00 +0000] "GET / HTTP/1.1" 200 157 "-" "curl" rt=0.120',
      ['time', 'status', 'duration', 'request'],
    ],
    [
      'vhost-combined',
      'pay.test:443 10.0.0.7 - - [15/Jan/2026:11:55:00 +0000] "GET / HTTP/1.1" 200 157 "-" "curl"',
      ['time', 'status', 'request'],
    ],
    [
      'envoy',
      '[2026-01-15T11:55:00.310Z] "POST /pay HTTP/2" 503 UF,URX 154 0 226 - "10.0.35.28" "nsq" "cc21" "pay" "-"',
      ['time', 'status', 'duration', 'request'],
    ],
    [
      'haproxy',
      'Jan 15 11:55:00 lb haproxy[143]: 10.0.1.2:33317 [15/Jan/2026:11:55:00.655] in app/s1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {} "GET / HTTP/1.1"',
      ['time', 'message', 'status', 'duration', 'request'],
    ],
    ['json', '{"time":"2026-01-15T11:55:00Z","level":"error","msg":"x"}', ['time', 'level', 'message']],
    [
      'docker+json',
      '{"log":"{\\"level\\":\\"error\\",\\"msg\\":\\"x\\"}\\n","stream":"stdout","time":"2026-01-15T11:55:00Z"}',
      ['time', 'level', 'message'],
    ],
    [
      'cri+combined',
      '2026-01-15T11:55:00.123456789Z stdout F 10.0.0.7 - - [15/Jan/2026:11:55:00 +0000] "GET / HTTP/1.1" 200 157 "-" "curl"',
      ['time', 'status', 'request'],
    ],
    ['nginx-error', '2026/01/15 11:55:00 [error] 7#7: *1 connect() failed', ['time', 'level', 'message']],
    ['apache-error', '[Thu Jan 15 11:55:00.123456 2026] [core:error] [pid 7] refused', ['time', 'level', 'message']],
    ['syslog', 'Jan 15 11:55:00 gw paygw[7]: bank timeout', ['time', 'message']],
    ['syslog-5424', '<11>1 2026-01-15T11:55:00Z gw paygw 7 - - bank timeout', ['time', 'level', 'message']],
    ['java', '2026-01-15 11:55:00,123 ERROR [main] c.a.Pay - refused', ['time', 'level', 'message']],
    ['java', '15-Jan-2026 11:55:00.123 SEVERE [main] org.apache.catalina refused', ['time', 'level', 'message']],
    ['key-value', 'level=error ts=2026-01-15T11:55:00Z msg="bank timeout" order=7', ['time', 'level', 'message']],
    ['klog', 'E0115 11:55:00.123456    7 pay.go:12] bank timeout', ['time', 'level', 'message']],
    ['postgresql', '2026-01-15 11:55:00.123 UTC [7] FATAL:  sorry, too many clients already', ['time', 'level', 'message']],
    ['redis', '1234:M 15 Jan 2026 11:55:00.123 # Out of memory', ['time', 'level', 'message']],
    ['unknown', 'something else', []],
  ])('%s: %s', (name, line, fields) => {
    const found = detect(line, line, line);
    expect(found).toEqual({ name, percent: name === 'unknown' ? 0 : 100, fields });
  });

  it('says how sure it is: traces between the lines', () => {
    const line = '2026-01-15 11:55:00,123 ERROR [main] c.a.Pay - refused';
    expect(detect(line, '  at c.a.Pay.call(Pay.java:7)', '  at c.a.Main.run(Main.java:9)', line)).toMatchObject({
      name: 'java',
      percent: 50,
    });
  });
});
