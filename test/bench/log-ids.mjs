// Logs full of numbers that are no card's: block ids, epochs, counters, identifiers, orders, sizes, addresses, hashes.
import { writeFileSync } from 'node:fs';

const LINES = [
  (n) => `081109 2036${n(2)} ${n(3)} INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_${sign(n)}${n(19)} terminating`,
  (n) =>
    `081109 2036${n(2)} ${n(2)} INFO dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.251.${n(2)}.${n(2)}:50010 is added to blk_${sign(n)}${n(18)} size ${n(8)}`,
  (n) =>
    `- 11178${n(5)} 2005.06.03 R02-M1-N0-C:J12-U11 2005-06-03-15.42.50.${n(6)} R02-M1-N0-C:J12-U11 RAS KERNEL INFO ${n(6)} double-hummer alignment exceptions`,
  (n) => `20171223-22:15:29:${n(3)}|Step_LSC|30002312|calculateCaloriesWithCache totalCalories=${n(6)}`,
  (n) =>
    `20171223-22:15:29:${n(3)}|Step_SPUtils|30002312| getTodayTotalDetailSteps = 15140384400${n(2)}##${n(4)}##${n(6)}##${n(4)}##${n(5)}##${n(8)}`,
  (n) =>
    `2015-07-29 17:41:44,${n(3)} - INFO  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxn@1001] - Closed socket connection for client /10.10.34.11:${n(5)} which had sessionid 0x14ed93111f2${h(n, 4)}`,
  (n) =>
    `nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.${n(3)} 25746 INFO nova.osapi_compute.wsgi.server [req-${h(n, 8)}-${h(n, 4)}-${h(n, 4)}-${h(n, 4)}-${h(n, 12)} ${h(n, 32)} ${h(n, 32)}] 10.11.10.1 "GET /v2/${h(n, 32)}/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2477${n(3)}`,
  (n) =>
    `03-17 16:13:38.${n(3)}  1702  2395 D WindowManager: printFreezingDisplayLogsopening app wtoken = AppWindowToken{${h(n, 7)} token=Token{${h(n, 8)} ActivityRecord{${h(n, 7)} u0 com.tencent.qt.qtl/.activity t761}}}`,
  (n) =>
    `[10.30 16:49:06] chrome.exe - proxy.cse.cuhk.edu.hk:5070 close, ${n(4)} bytes sent, ${n(6)} bytes (${n(3)} KB) received, lifetime 00:01`,
  (n) => `2016-09-28 04:30:31, Info                  CBS    SQM: Initializing online with Windows opt-in: False, ${n(9)}_${n(8)}`,
  (n) =>
    `{"ts":17485035${n(5)},"request_id":"${h(n, 16)}","order_id":${n(16)},"trace_id":"${h(n, 32)}","msec":17485035${n(2)}.${n(3)},"bytes":${n(7)}}`,
  (n) => `{"time":17485035${n(5)},"snowflake":"18${n(17)}","user_seq":${n(9)},"hash":"${h(n, 64)}"}`,
  (n) => `2026-11-28T06:41:13.${n(6)}Z order_no=2026112806${n(10)} rrn=6328${n(8)} stan=${n(6)} amount=${n(2)}.50 took=${n(3)}ms`,
  (n) => `eth0: RX packets ${n(9)} bytes ${n(13)} TX packets ${n(9)} bytes ${n(12)}`,
  (n) => `cpu  ${n(9)} ${n(5)} ${n(8)} ${n(10)} ${n(6)} 0 ${n(5)} 0 0 0`,
  (n) => `commit ${h(n, 40)} index ${h(n, 7)}..${h(n, 7)} 100644`,
  (n) => `Jun ${n(1)} 0${n(1)}:06:18 combo su(pam_unix)[${n(5)}]: session opened for user news by (uid=0) id ${n(10)}`,
  (n) => `gc: heap ${n(10)} -> ${n(9)} bytes, pause 0.0${n(16)} s, promoted ${n(8)}`,
  (n) => `POST /callback?out_trade_no=2026112806${n(12)}&trade_no=20261128220014${n(14)}&total_amount=12.50 200`,
  (n) => `GET /v1/charges/ch_3O${h(n, 20)} 200 req_${h(n, 14)} idempotency-key: ${h(n, 8)}-${h(n, 4)}-4${h(n, 3)}-a${h(n, 3)}-${h(n, 12)}`,
  (n) => `+49 30 9018${n(2)} called, lat 52.5${n(14)} lon 13.4${n(14)}`,
  (n) => `SSL serial ${h(n, 32).match(/../g).join(':')} notAfter=Nov 23 14:38:07 2027 GMT`,
];

/** About so many bytes of them. */
export function writeIdLog(path, bytes) {
  let state = 20261128;
  const below = (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const digits = (count) => Array.from({ length: count }, (_, index) => (index === 0 ? 1 + below(9) : below(10))).join('');
  const lines = [];
  for (let size = 0; size < bytes; ) {
    const line = LINES[below(LINES.length)](digits);
    lines.push(line);
    size += line.length + 1;
  }
  writeFileSync(path, `${lines.join('\n')}\n`);
}

function sign(digits) {
  return Number(digits(1)) > 5 ? '-' : '';
}

/** Hexadecimal digits, drawn with the same dice. */
function h(digits, count) {
  return Array.from({ length: count }, () => (Number(digits(4)) % 16).toString(16)).join('');
}
