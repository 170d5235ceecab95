import type { CauseClass } from './playbook.ts';

/**
 * The known cause ids, `area.state`, by the class they have unless a playbook says otherwise. Other programs read these ids:
 * the list is extended, never renamed. `nginx.*` stands for whatever web server the profile names.
 */
const VOCABULARY: Readonly<Record<CauseClass, string>> = {
  hardware: `
    disk.full disk.inodes disk.readonly disk.slow disk.io_error disk.smart_failing disk.raid_degraded disk.hung_mount
    memory.ecc_errors hw.fan power.psu_failed hsm.down hsm.slow`,
  software: `
    nginx.down nginx.hung nginx.connections_exhausted app.down app.hung app.crash_loop app.oom_killed app.fd_exhausted
    app.thread_limit app.cpu_throttled app.error_burst app.regression app.deadlock process.zombies posswitch.down posswitch.hung
    posswitch.crash_loop posswitch.oom_killed queue.backlog db.down db.hung db.connections_exhausted app.pool_exhausted
    db.lock_wait db.deadlock db.readonly db.slow_queries db.replication_down db.replication_lag redis.down redis.hung
    redis.maxmemory redis.rejected host.cpu_saturated host.memory host.pids_exhausted time.skew time.ntp_down time.ntp_wrong`,
  network: `
    net.link_down net.link_flap net.interface_errors net.packet_loss net.latency net.corruption net.congestion net.mtu_blackhole
    net.route net.firewall_drop net.firewall_reject net.ephemeral_ports net.backlog_full net.conntrack_full dns.down dns.slow
    dns.nxdomain callback.blocked`,
  environment: `
    host.cpu_steal host.reboot hw.temperature hw.humidity power.on_battery power.voltage power.lost`,
  'third-party': `
    net.isp provider.down provider.5xx provider.timeout provider.slow provider.maintenance provider.rate_limited
    provider.tls_expired provider.declines provider.channel_blocked switch.down switch.no_response switch.slow switch.bad_format
    switch.issuer_inoperative switch.system_malfunction switch.keys_out_of_step switch.signed_off settlement.late
    switch.saf_backlog switch.signon_storm provider.threeds provider.limits issuer.inoperative issuer.limits scheme.inoperative
    scheme.limits settlement.damaged client.bad_requests client.terminal_group client.store_group`,
  security: `
    net.syn_flood net.ddos security.unexpected_port security.bruteforce security.tampered_file security.card_testing security.leak
    security.intrusion`,
  human: `
    nginx.bad_config nginx.wrong_upstream nginx.limit_config nginx.body_limit tls.expired tls.expiring tls.wrong_host
    tls.incomplete_chain tls.chain_expired tls.not_reloaded tls.untrusted_ca tls.key_mismatch tls.protocol_mismatch tls.revoked
    app.version_mismatch config.missing_setting config.wrong_credentials config.wrong_parameter config.permission
    config.recent_change config.emergency_left_on file.permission file.missing db.auth_failed dns.wrong_record dns.resolver_config time.zone
    provider.credentials provider.permission provider.signature certificate.expired certificate.key_mismatch certificate.platform_unknown
    prevention.hardware prevention.software prevention.network prevention.monitoring prevention.people prevention.partners prevention.plan
    prevention.terminals prevention.single_point prevention.sites prevention.review
    client.terminal_keys data.limit_too_low data.limit_too_high data.method_disabled`,
  data: `
    file.corrupted db.sequence_exhausted data.amount_calculation data.currency_exponent data.duplicates data.missing data.mismatch
    data.order_status data.paid_after_expiry data.transfer_errors data.loss data.constraint_violated`,
};

const CLASSES: ReadonlyMap<string, CauseClass> = new Map(
  (Object.entries(VOCABULARY) as [CauseClass, string][]).flatMap(([cause, ids]) =>
    ids
      .trim()
      .split(/\s+/)
      .map((id) => [id, cause] as const),
  ),
);

export const CAUSE_IDS: readonly string[] = [...CLASSES.keys()].sort();

/** The usual class of a known cause; undefined for an id that is not in the vocabulary. */
export function classOf(id: string): CauseClass | undefined {
  return CLASSES.get(id);
}
