import { backupAge } from './backup-age.ts';
import { bondSlaves } from './bond-slaves.ts';
import { cacheMemory } from './cache-memory.ts';
import { cachePersistence } from './cache-persistence.ts';
import { cacheRedis } from './cache-redis.ts';
import { changeConfig } from './change-config.ts';
import { changePackages } from './change-packages.ts';
import type { CheckRegistry } from './check.ts';
import { configKeys } from './config-keys.ts';
import { configTest } from './config-test.ts';
import { containerState } from './container-state.ts';
import { coreDumps } from './core-dumps.ts';
import { cpuIowait } from './cpu-iowait.ts';
import { cpuLoad } from './cpu-load.ts';
import { cpuSteal } from './cpu-steal.ts';
import { cpuThrottle } from './cpu-throttle.ts';
import { cpuUtil } from './cpu-util.ts';
import { cronAge } from './cron-age.ts';
import { dbConnections } from './db-connections.ts';
import { dbLocks } from './db-locks.ts';
import { dbLongTransactions } from './db-long-transactions.ts';
import { dbMysql } from './db-mysql.ts';
import { dbPg } from './db-pg.ts';
import { dbReadonly } from './db-readonly.ts';
import { dbReplication } from './db-replication.ts';
import { dbSequences } from './db-sequences.ts';
import { dbSlowStatements } from './db-slow-statements.ts';
import { diskFillEta } from './disk-fill-eta.ts';
import { diskInodes } from './disk-inodes.ts';
import { diskIo } from './disk-io.ts';
import { diskLatency } from './disk-latency.ts';
import { diskNvme } from './disk-nvme.ts';
import { diskSmart } from './disk-smart.ts';
import { diskSpace } from './disk-space.ts';
import { fdProcess } from './fd-process.ts';
import { fdSystem } from './fd-system.ts';
import { fileAccess } from './file-access.ts';
import { fileChecksum } from './file-checksum.ts';
import { fileValue } from './file-value.ts';
import { fsHung } from './fs-hung.ts';
import { fsReadonly } from './fs-readonly.ts';
import { hostIdentity } from './host-identity.ts';
import { hostInventory } from './host-inventory.ts';
import { hostRebootRequired } from './host-reboot-required.ts';
import { hostUptime } from './host-uptime.ts';
import { hwSel } from './hw-sel.ts';
import { kernelEvents } from './kernel-events.ts';
import { kernelParam } from './kernel-param.ts';
import { lbHaproxy } from './lb-haproxy.ts';
import { logFreshness } from './log-freshness.ts';
import { logPattern } from './log-pattern.ts';
import { logStatus } from './log-status.ts';
import { logVolume } from './log-volume.ts';
import { memAvailable } from './mem-available.ts';
import { memEcc } from './mem-ecc.ts';
import { memMajfault } from './mem-majfault.ts';
import { memOom } from './mem-oom.ts';
import { memSwap } from './mem-swap.ts';
import { mountOpts } from './mount-opts.ts';
import { mqDepth } from './mq-depth.ts';
import { mtuPath } from './mtu-path.ts';
import { netArpDup } from './net-arp-dup.ts';
import { netBandwidth } from './net-bandwidth.ts';
import { netDns } from './net-dns.ts';
import { netErrors } from './net-errors.ts';
import { netGateway } from './net-gateway.ts';
import { netHttp } from './net-http.ts';
import { netPing } from './net-ping.ts';
import { netRoute } from './net-route.ts';
import { netSoftnet } from './net-softnet.ts';
import { netTcp } from './net-tcp.ts';
import { nicLink } from './nic-link.ts';
import { pkgVersion } from './pkg-version.ts';
import { portBacklog } from './port-backlog.ts';
import { portListen } from './port-listen.ts';
import { powerMains } from './power-mains.ts';
import { powerPsu } from './power-psu.ts';
import { powerUps } from './power-ups.ts';
import { procMatch } from './proc-match.ts';
import { procPids } from './proc-pids.ts';
import { procZombies } from './proc-zombies.ts';
import { psiPressure } from './psi-pressure.ts';
import { raidHw } from './raid-hw.ts';
import { raidMd } from './raid-md.ts';
import { securityListeners } from './security-listeners.ts';
import { securityLogins } from './security-logins.ts';
import { svcUnit } from './svc-unit.ts';
import { tcpConntrack } from './tcp-conntrack.ts';
import { tcpMem } from './tcp-mem.ts';
import { tcpOrphans } from './tcp-orphans.ts';
import { tcpPorts } from './tcp-ports.ts';
import { tcpResets } from './tcp-resets.ts';
import { tcpRetrans } from './tcp-retrans.ts';
import { tempSensor } from './temp-sensor.ts';
import { timeOffset } from './time-offset.ts';
import { timeSync } from './time-sync.ts';
import { timeTz } from './time-tz.ts';
import { tlsCert } from './tls-cert.ts';
import { tlsFile } from './tls-file.ts';
import { tlsKeypair } from './tls-keypair.ts';
import { userExists } from './user-exists.ts';

/** Every check, by id, sorted. Explicit, so that bundling keeps it and a typo is a compile error. */
export const checks: CheckRegistry = {
  'backup.age': backupAge,
  'bond.slaves': bondSlaves,
  'cache.memory': cacheMemory,
  'cache.persistence': cachePersistence,
  'cache.redis': cacheRedis,
  'change.config': changeConfig,
  'change.packages': changePackages,
  'config.keys': configKeys,
  'config.test': configTest,
  'container.state': containerState,
  'core.dumps': coreDumps,
  'cpu.iowait': cpuIowait,
  'cpu.load': cpuLoad,
  'cpu.steal': cpuSteal,
  'cpu.throttle': cpuThrottle,
  'cpu.util': cpuUtil,
  'cron.age': cronAge,
  'db.connections': dbConnections,
  'db.locks': dbLocks,
  'db.long_transactions': dbLongTransactions,
  'db.mysql': dbMysql,
  'db.pg': dbPg,
  'db.readonly': dbReadonly,
  'db.replication': dbReplication,
  'db.sequences': dbSequences,
  'db.slow_statements': dbSlowStatements,
  'disk.fill_eta': diskFillEta,
  'disk.inodes': diskInodes,
  'disk.io': diskIo,
  'disk.latency': diskLatency,
  'disk.nvme': diskNvme,
  'disk.smart': diskSmart,
  'disk.space': diskSpace,
  'fd.process': fdProcess,
  'fd.system': fdSystem,
  'file.access': fileAccess,
  'file.checksum': fileChecksum,
  'file.value': fileValue,
  'fs.hung': fsHung,
  'fs.readonly': fsReadonly,
  'host.identity': hostIdentity,
  'host.inventory': hostInventory,
  'host.reboot_required': hostRebootRequired,
  'host.uptime': hostUptime,
  'hw.sel': hwSel,
  'kernel.events': kernelEvents,
  'kernel.param': kernelParam,
  'lb.haproxy': lbHaproxy,
  'log.freshness': logFreshness,
  'log.pattern': logPattern,
  'log.status': logStatus,
  'log.volume': logVolume,
  'mem.available': memAvailable,
  'mem.ecc': memEcc,
  'mem.majfault': memMajfault,
  'mem.oom': memOom,
  'mem.swap': memSwap,
  'mount.opts': mountOpts,
  'mq.depth': mqDepth,
  'mtu.path': mtuPath,
  'net.arp_dup': netArpDup,
  'net.bandwidth': netBandwidth,
  'net.dns': netDns,
  'net.errors': netErrors,
  'net.gateway': netGateway,
  'net.http': netHttp,
  'net.ping': netPing,
  'net.route': netRoute,
  'net.softnet': netSoftnet,
  'net.tcp': netTcp,
  'nic.link': nicLink,
  'pkg.version': pkgVersion,
  'port.backlog': portBacklog,
  'port.listen': portListen,
  'power.mains': powerMains,
  'power.psu': powerPsu,
  'power.ups': powerUps,
  'proc.match': procMatch,
  'proc.pids': procPids,
  'proc.zombies': procZombies,
  'psi.pressure': psiPressure,
  'raid.hw': raidHw,
  'raid.md': raidMd,
  'security.listeners': securityListeners,
  'security.logins': securityLogins,
  'svc.unit': svcUnit,
  'tcp.conntrack': tcpConntrack,
  'tcp.mem': tcpMem,
  'tcp.orphans': tcpOrphans,
  'tcp.ports': tcpPorts,
  'tcp.resets': tcpResets,
  'tcp.retrans': tcpRetrans,
  'temp.sensor': tempSensor,
  'time.offset': timeOffset,
  'time.sync': timeSync,
  'time.tz': timeTz,
  'tls.cert': tlsCert,
  'tls.file': tlsFile,
  'tls.keypair': tlsKeypair,
  'user.exists': userExists,
};
