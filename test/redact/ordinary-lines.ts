/** Lines as systems write them on a good day: nothing in them is a card or a secret. */
export const ORDINARY = `
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
02d0: 2d 41 45 53 32 35 36 2d 53 48 41 33 38 34 20 20 -AES256-SHA384  
0030: 61 63 63 65 70 74 20 31 32 37 2e 30 2e 30 2e 31 accept 127.0.0.1
0000: 0b 00 03 3a 00 00 03 36 00 03 31 30 82 03 2d 30 ...:...6..10..-0
0010: 4c 4f 52 3d 22 23 66 66 66 66 66 66 22 3e 0a 3c LOR="#ffffff">.<
0110: 03 04 03 03 03 02 03 01 00 2d 00 02 01 01 00 33 .........-.....3
2026-11-23 14:45:13.727 UTC [691] [queryid=4266247047529477710] app@pay LOG:  duration: 25.450 ms  statement: SELECT 1
{"header":{"cluster_id":4841639068965178418,"member_id":6276657743932975437,"revision":184937,"raft_term":417}}
clientVersion: TLSv1.2 reqNonce: 3843061514398340071
settlement ACQ1 records=10000 debit=184937462.51 hash_total=6011000990139424 field 53: 2600000000000000
10.77.10.9 - - [23/Nov/2026:14:38:07 +0000] "GET /../../etc/passwd HTTP/1.1" 400 157 "-" "-"
10.77.10.9 - - [23/Nov/2026:14:38:07 +0000] "GET /.htpasswd HTTP/1.1" 403 199
goroutine 417 [running]: main.(*Auth).CheckPassword(0xc0001a2000, {0xc0002b4030, 0x8})
SunJCE: KeyGenerator.SunTlsMasterSecret -> com.sun.crypto.provider.TlsMasterSecretGenerator
{"type":"response","auth":{"client_token":"hmac-sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","token_type":"service"}}
# METHOD can be "trust", "reject", "md5", "password", "scram-sha-256"
# command, these will cause requirepass to be ignored.
Conf passwd (1:4.13+dfsg1-1+deb12u2 Debian:12.15/oldstable [amd64])
Install: libxslt1.1:amd64 (1.1.35-1, automatic), python3-jwt:amd64 (2.6.0-1, automatic)
passwd:         files systemd sss
passwd: password updated successfully
passwd: Authentication token manipulation error
Nov 23 14:38:07 gw passwd[881]: pam_unix(passwd:chauthtok): authentication token manipulation error
LoadCredential=passwd.hashed-password.root
LoadCredential=db:/etc/credstore/db
MountVolume.SetUp failed for volume "db-credentials" : secret "paygw-db-credentials" not found
MountVolume.SetUp failed for volume "api-token" : references non-existent secret key: api-token
      DB_PASSWORD:  <set to the key 'password' in secret 'paygw-db'>  Optional: false
token:      1234 bytes
[ERROR] agent: error renewing token: error="Error making API request. Code: 403."
not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/paygw/db-AbCdEf
fatal: [gw1]: FAILED! => {"invocation": {"module_args": {"name": "pay", "password": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}}}
ok: [gw1] => {"invocation": {"module_args": {"password": "NOT_LOGGING_PASSWORD", "ssh_key_passphrase": null}}}
  - api_key = "(sensitive)" -> null
login failed {"account":{"ip":"::ffff:127.0.0.3","email":"bob","password":"__REDACTED__"}}
1795942715.231508 [0 127.0.0.1:54512] "AUTH" "(redacted)"
redis key session:count=184937 token:bucket:acq1=417 lock:order:184937462 ttl=30
test auth::token::tests::expired ... ok
PASS: gdb.base/attach.exp: do_call_attach_tests: load file
PASS: test_login (0.41s)
PASS src/auth/token.test.ts (8.412 s)
pass: 417 fail: 3 skip: 12
usage: paygw [--token-file FILE] [--api-key KEY] [--secret NAME=VALUE] [--pin PIN] COMMAND
ERROR:  unrecognized token: "4f2d8c1b" at character 17
     --no-ask-password   Do not ask for system passwords
       --http-password=PASS        set http password to PASS
error: -key or -secret unless -unprotected_requests is used
{"value":4417.810647026,"mean":2402.173389911475,"rest":5300.700000000001}
License: Apache-2.0-with-GPL2-LGPL2-Exception
License: BSD-4-clause-Niels-Provos
{ "foo", NULL, GetValue, SetValue, NULL, napi_writable | napi_configurable, NULL }
`;
