import { describe, expect, it } from 'vitest';
import { defineCheck, type Judgement } from '../../src/checks/check.ts';
import { strictObject, v } from '../../src/checks/schema.ts';
import { listUnseen, listUnused } from '../../src/cli/doctor.ts';
import { judgeSlot } from '../../src/cli/doctor-slot.ts';
import { describeUnlock } from '../../src/cli/doctor-unlock.ts';
import type { Session, StepResult } from '../../src/engine/session.ts';
import { checks } from '../checks/registry.ts';
import { registry } from '../engine/harness.ts';
import { sitePlan } from './check-plan.ts';

const CALLER = { user: 'ops', isRoot: false, command: ['/usr/bin/node', '/opt/oor:1/bin/oor.js'] };

function unlock(check: string, judgement: Partial<Judgement>): string {
  return describeUnlock({ check, judgement: { status: 'unknown', code: 'x', ...judgement }, ...CALLER });
}

describe('what would let it see', () => {
  it.each([
    ['smartctl: not found', 'install smartctl, or put it in the PATH of oor', 'apt-get install smartmontools'],
    ['upsc: not found', '', 'dnf install nut-client'],
    ['mytool: not found', 'install mytool, or put it in the PATH of oor', 'install mytool'],
  ])('a package: %s', (message, given, wanted) => {
    expect(unlock('x.y', { code: 'missing-tool', data: { message }, unlock: given })).toContain(wanted);
  });

  it('a capability and the line for sudoers, its special characters escaped', () => {
    const text = unlock('kernel.events', { code: 'no-permission', unlock: 'run as root' });
    expect(text).toContain('AmbientCapabilities=CAP_SYSLOG');
    expect(text).toContain('sudoers: ops ALL=(root) NOPASSWD: /usr/bin/node /opt/oor\\:1/bin/oor.js check kernel.events');
  });

  it('a group for the journal', () => {
    const given = 'run as root or as a member of the group systemd-journal';
    expect(unlock('log.pattern', { code: 'no-permission', unlock: given })).toContain('usermod -aG systemd-journal ops');
  });

  it('what the check says itself, else what there is to say', () => {
    expect(unlock('net.tcp', { unlock: 'a longer timeout of the step' })).toMatch(/timeout: 60s.*oor check net\.tcp --deadline/);
    expect(unlock('net.tcp', {})).toBe('run it again and read its reason: oor check net.tcp --json');
    expect(unlock('temp.sensor', { status: 'not-applicable' })).toMatch(/^this machine has none: a virtual machine.*modprobe coretemp/);
    expect(unlock('security.listeners', { status: 'not-applicable' })).toContain('allowed_listeners');
  });

  it('root is not told to become root', () => {
    const judgement = { status: 'unknown', code: 'no-permission', unlock: 'run as root, or name the log' } as const;
    const text = describeUnlock({ check: 'log.pattern', judgement, ...CALLER, user: 'root', isRoot: true });
    expect(text).toBe('oor runs as root already: name the log');
  });
});

describe('what is unseen', () => {
  const plan = sitePlan(registry);
  const results = new Map<string, Partial<StepResult>>([
    ['disk', { status: 'unknown', judgement: { status: 'unknown', code: 'denied', unlock: 'run as root' } }],
    ['entry', { status: 'not-applicable', reason: 'profile has no profile.entry' }],
    ['provider@bank', { status: 'fail', judgement: { status: 'fail', code: 'fail' } }],
    ['provider@wallet', { status: 'skipped', reason: 'x' }],
  ]);
  const session = { results } as unknown as Session;

  it('unknown and not-applicable, each with why and what would help', () => {
    expect(listUnseen({ plan, session, registry, language: 'en' }, ({ unlock: given }, check) => `${check}: ${given}`)).toEqual([
      { check: 'net.http', step: 'entry', status: 'not-applicable', why: 'profile has no profile.entry', unlock: 'add entry to oor.yaml' },
      { check: 'disk.space', step: 'disk', status: 'unknown', why: 'denied', unlock: 'disk.space: run as root' },
      {
        check: 'net.tcp',
        step: 'cache',
        status: 'not-applicable',
        why: 'the site profile names none',
        unlock: 'add an entry under caches to oor.yaml',
      },
    ]);
  });

  it('checks that no step uses', () => {
    const base = { phase: 'network', title: { en: 'x' }, facts: v.unknown(), messages: {}, example: {} } as const;
    const probe = async () => ({});
    const judge = () => ({ status: 'ok', code: 'ok' }) as const;
    const used = Object.fromEntries(
      Object.entries(registry).filter(([id]) => plan.steps.some(({ step }) => step.kind === 'check' && step.uses === id)),
    );
    const more = {
      ...used,
      'iso8583.echo': defineCheck<unknown, unknown>({ id: 'iso8583.echo', active: true, params: strictObject({}), ...base, probe, judge }),
      'disk.smart': defineCheck<unknown, unknown>({
        id: 'disk.smart',
        params: strictObject({ device: v.string() }),
        ...base,
        probe,
        judge,
      }),
    };
    expect(listUnused(plan, more)).toEqual([
      expect.objectContaining({ check: 'iso8583.echo', status: 'not-applicable', why: expect.stringContaining('more than look') }),
      expect.objectContaining({
        check: 'disk.smart',
        why: expect.stringContaining('device'),
        unlock: expect.stringContaining('--explain disk.smart'),
      }),
    ]);
  });

  it('every check of the registry is used by the plan of doctor or listed', () => {
    const unused = listUnused(plan, checks).map(({ check }) => check);
    const used = ['net.http', 'disk.space', 'net.tcp', 'tls.cert'];
    expect([...unused, ...used].sort()).toEqual(Object.keys(checks).sort());
  });
});

describe('a database connection kept for oor', () => {
  const row = { role: 'oor-ro', most: '100', for_superusers: '3', reserved: '0', is_superuser: false, may_use: false };
  it.each([
    ['a superuser', { ...row, is_superuser: true }],
    ['a member of pg_use_reserved_connections', { ...row, reserved: '2', may_use: true }],
  ])('%s has one', (_, given) => {
    expect(judgeSlot(given, '')).toEqual({});
  });

  it.each([
    ['a superuser without any', { ...row, is_superuser: true, for_superusers: '0' }],
    ['a member, but none is reserved', { ...row, may_use: true }],
    ['reserved, but not for it', { ...row, reserved: '2' }],
  ])('%s', (_, given) => {
    expect(judgeSlot(given, '').unlock).toContain('GRANT pg_use_reserved_connections TO "oor-ro"');
  });

  it('before PostgreSQL 16 there are none for ordinary roles', () => {
    const { why, unlock: advice } = judgeSlot({ ...row, reserved: '' }, '');
    expect(why).toContain('all 100 are taken');
    expect(advice).toContain('CONNECTION LIMIT 95');
  });

  it('cannot be told', () => {
    expect(judgeSlot(undefined, 'refused').why).toContain('cannot be told (refused)');
  });
});
