import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

/** Lines as systems write them on a good day: nothing in them is a card or a secret. */
const ORDINARY = `
10.77.10.9 - - [23/Nov/2026:14:38:07 +0000] "POST /api/v1/payments/1849374625118937088 HTTP/1.1" 200 4821 "-" "okhttp/4.9.3" rt=0.412 uct=0.003 urt=0.409
2026/11/23 14:38:07 [error] 3121#3121: *88213 connect() failed (111: Connection refused) while connecting to upstream, client: 10.77.10.9, server: pay.example.test, upstream: "http://127.0.0.1:8080/pay"
2026-11-23 14:38:07,123 INFO  [http-nio-8080-exec-12] c.e.pay.gateway.PaymentService - order=ORD20261123143807000417 amount=4999 currency=EUR provider=bank status=APPROVED took=412ms
2026-11-23T14:38:07.123456789Z stdout F {"level":30,"time":1795444687123,"pid":4121,"hostname":"gw1","traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","msg":"request completed","responseTime":17}
2026-11-23 14:38:07.412 UTC [3187] app@pay LOG:  duration: 1834.221 ms  statement: SELECT id, status FROM orders WHERE id = 184937462 AND created > '2026-11-23 00:00:00'
2026-11-23 14:38:07.412 UTC [3187] FATAL:  remaining connection slots are reserved for non-replication superuser connections
2026-11-23 14:38:07.412 UTC [3190] FATAL:  password authentication failed for user "app"
Nov 23 14:38:07 gw sshd[2211]: Failed password for invalid user admin from 203.0.113.77 port 51122 ssh2
Nov 23 14:38:07 gw sshd[2211]: Accepted publickey for ops from 10.77.10.9 port 51122 ssh2: ED25519 SHA256:4Jx0hB1cQ2mYvL8kz7d5rWn3sT6uE9aXfG0pKiRoZyM
Nov 23 14:38:07 gw systemd[1]: paygw.service: Main process exited, code=exited, status=137/n/a
Nov 23 14:38:07 gw kernel: [184467.440737] Out of memory: Killed process 4121 (java) total-vm:8388608kB, anon-rss:4194304kB, file-rss:1024kB, shmem-rss:0kB, UID:1001 pgtables:9216kB oom_score_adj:0
Nov 23 14:38:07 gw kernel: [184467.440911] nvme nvme0: I/O 417 QID 3 timeout, aborting req_op:WRITE(1) size:524288
Nov 23 14:38:07 gw kernel: [    0.000000] BIOS-e820: [mem 0x0000000000100000-0x00000000bffdffff] usable
Nov 23 14:38:07 gw chronyd[512]: Selected source 10.77.53.2 (ntp.example.test)  System clock wrong by 1.000417 seconds
Nov 23 14:38:07 infra dnsmasq[613]: query[A] db.example.test from 10.77.10.2; cached db.example.test is 10.77.20.2
4121:M 23 Nov 2026 14:38:07.123 # WARNING: 32 bit instance detected, maxmemory 3 GB; AOF size 1073741824 bytes, keys=184937 expires=4821 avg_ttl=86399123
# Keyspace db0:keys=184937,expires=4821,avg_ttl=86399123,subexpiry=0 used_memory:4194304128 total_commands_processed:98213477
2026-11-23 14:38:07 8213 [Warning] Access denied for user 'app'@'10.77.10.2' (using password: YES)
2026-11-23T14:38:07.412813Z 8213 [Note] Aborted connection 8213 to db: 'pay' user: 'app' host: '10.77.10.2' (Got timeout reading communication packets)
081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_38865049064139660 terminating
081109 204722 567 INFO dfs.DataNode$PacketResponder: Received block blk_-6952295868487656571 of size 67108864 from /10.251.73.220
2026-11-23 14:38:07,415 INFO [main] org.apache.hadoop.mapreduce.v2.app.MRAppMaster: Created MRAppMaster for application appattempt_1445144423722_0020_000001 container_1445144423722_0020_01_000012
2026-11-23 14:38:07.008 25746 INFO nova.osapi_compute.wsgi.server [req-38101a0b-2096-447d-96ea-a692162415ae 113d3a99c3da401fbd62cc2caa5b96d2 54fadb412c4e40cdb8aaed6a9d4c23ee - - -] 10.11.10.1 "GET /v2/54fadb412c4e40cdb8aaed6a9d4c23ee/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2477829
2026-11-23 14:38:07,000 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:FastLeaderElection@774] - Notification time out: 3200 sessionid 0x14f05578bd80001 zxid: 0xfffffffffffffffe
haproxy[1418]: 10.77.10.9:51122 [23/Nov/2026:14:38:07.123] https~ app/app1 12/0/3/409/424 200 4821 - - ---- 417/412/38/19/0 0/0 "POST /pay HTTP/1.1"
I1123 14:38:07.123456       1 controller.go:617] quota admission added evaluator for: deployments.apps; resourceVersion="184937462511"
E1123 14:38:07.123456    2117 pod_workers.go:190] Error syncing pod 6a1c0f54-3c1b-4d2f-9a77-0d8f5a1b7c3e ("paygw-7d4b9c6f5-x2x8q_pay(6a1c0f54-3c1b-4d2f-9a77-0d8f5a1b7c3e)")
{"ts":"2026-11-23T14:38:07.123Z","event":"token_refreshed","token_type":"Bearer","expires_in":3600,"key_id":"2026-q4","author":"ops","retries":3}
{"mti":"0210","stan":"000417","rrn":"632815000417","de39":"00","terminal":"TERM0001","merchant":"000000000012345","amount":"000000004999","currency":"978","pan":"411111******1111"}
0800822000000000000004000000000000001123143807000417301
tps=417 p95=0.812s approved=98.21% declined=1.79% unknown=0 window=2026-11-23T14:30:00Z/2026-11-23T14:35:00Z
eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500  RX packets 98213477  bytes 1849374625118 (1.6 TiB)  TX packets 88213477  bytes 1749374625118
cpu  18493746 25118 9370882 4184937462 511893 0 88213 0 0 0
ctxt 18493746251 btime 1795400000 processes 8821347 procs_running 3 procs_blocked 1
259       0  468851544 nvme0n1 88213477 417412 3819441774 41238190 9821347 18493746 2511893708 88213 0 417412 41238
Filesystem     1K-blocks      Used Available Use% Mounted on /dev/sda2 479150080 417412381 37328219  92% /var
LISTEN 0      511          0.0.0.0:443        0.0.0.0:*    users:(("nginx",pid=3121,fd=6),("nginx",pid=3120,fd=6))
notAfter=Nov 23 14:38:07 2027 GMT serial=04A1B2C3D4E5F60718293A4B5C6D7E8F sha256 Fingerprint=9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:A3:BF:4F:1B:2B:0B:82:2C:D1:5D:6C:15:B0:F0:0A:08
commit 9fceb02d0ae598e95dc970b74767f19372d61af8 merge: key rotation, token cache and password policy docs
Auth: mechanism=SCRAM-SHA-256 method=publickey keytype=ed25519 session opened for user ops by (uid=0)
GET /static/app.4f2d8c1b.js?v=20261123143807 HTTP/2.0 304 0 key=orders:hot:417 etag="65f2d8c1-12c4f"
stripe: POST /v1/payment_intents/pi_3OqX2eLkdIwHu7ix0 status=402 request_id=req_8fQ2mYvL8kz7d5 idempotency_key=ord-417-try-2 publishable=pk_live_51H8xKLkdIwHu7ix0
Settlement file ACQ_20261123_0001.csv: 10000 rows, control total 184937462.51, sha256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
Verifying password policy... ok. Secret rotation: next in 30 days. API key check: passed. Cookie banner: shown.
order_no,provider_ref,kind,amount,currency,status,time,fee
ORD-000417,2026112322001417410512345678,payment,49.99,EUR,success,2026-11-23T14:38:07Z,0.42
`;

describe('ordinary lines', () => {
  const redactor = createRedactor({ secrets: ['not-in-any-line'] });
  it.each(ORDINARY.trim().split('\n'))('%s', (line) => {
    expect(redactor.text(line)).toEqual({ text: line, counts: {} });
  });

  it('are left alone as one text too', () => {
    expect(redactor.text(ORDINARY).text).toBe(ORDINARY);
  });
});

/** The text of a playbook stands in the journal, and a session is replayed from it. */
it.each(readdirSync('playbooks').filter((name) => name.endsWith('.yaml')))('the playbook %s is kept to the byte', (name) => {
  const text = readFileSync(`playbooks/${name}`, 'utf8');
  expect(createRedactor().text(text)).toMatchObject({ text });
});

it('a value that only looks like a reference of a playbook is none', () => {
  expect(createRedactor().text('password: "${{hunter2"').text).not.toContain('hunter2');
});
