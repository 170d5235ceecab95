/** `oor notify`: whom a run tells, and with --test a message to each of them that says that nothing is wrong. */
import { describeReason } from '../checks/check.ts';
import { ExitCode, OorError } from '../errors.ts';
import { type NoticeTarget, templateOf } from '../playbook/notify-shape.ts';
import { NOTICE_KINDS, type NoticeKind } from '../playbook/playbook.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { Json, SecretRef } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import { testMessage } from '../report/notice.ts';
import { wordsIn } from '../report/words.ts';
import { type Delivered, type DeliveryDeps, deliver, openDelivery, shownRequest } from './notice-delivery.ts';
import { hostIn, wants } from './notice-request.ts';
import { targetsIn } from './notices.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { loadProfile } from './prepare.ts';
import type { Services } from './services.ts';

/** Somebody waits for it. */
const PAUSES_MS = [1_000];

export async function notifyCommand(
  services: Services,
  names: readonly string[],
  options: GlobalOptions & { readonly test?: boolean },
): Promise<number> {
  const profile = await loadProfile(services, options.profile);
  const all = targetsIn(profile.data);
  if (all.length === 0)
    throw new OorError({
      code: 'nobody-to-notify',
      message:
        profile.file === '' ? 'there is no oor.yaml, so nobody is told' : `${profile.file} names nobody under notify, so nobody is told`,
      hint: 'how to set it up: oor help notify',
      exitCode: ExitCode.usage,
    });
  const unknown = names.find((name) => !all.some((target) => target.name === name));
  if (unknown !== undefined)
    throw usage(
      `nobody is called ${unknown} under notify`,
      suggestion(
        unknown,
        all.map(({ name }) => name),
      ) ?? 'see: oor notify',
    );
  const targets = all.filter(({ name }) => names.length === 0 || names.includes(name));
  if (options.test !== true) return await listTargets(services, options, targets);
  const redact = await services.redactor(profile.data);
  const site = String(redact(profile.data['site'] ?? services.localHost).value);
  const tests = { site, host: services.localHost, id: `test-${services.random.hex(4)}`, at: services.clock.now().wallMs };
  if (options.dryRun) return await showRequests(services, options, targets, tests);
  const deps = await openDelivery(services, profile.data);
  const results = await Promise.all(
    targets.map(
      async (target) => redact((await testTarget(services, options, deps, target, tests)) as unknown as Json).value as unknown as Tested,
    ),
  );
  await tellResults(services, options, results);
  return results.every(({ outcome }) => outcome === 'delivered') ? ExitCode.healthy : ExitCode.fault;
}

interface Tests {
  readonly site: string;
  readonly host: string;
  readonly id: string;
  readonly at: number;
}

interface Tested extends Delivered {
  readonly to: string;
  readonly template: string;
  readonly place: string;
}

/** A service that pages is told at once that the test is over. */
async function testTarget(
  services: Services,
  options: GlobalOptions,
  deps: DeliveryDeps,
  target: NoticeTarget,
  tests: Tests,
): Promise<Tested> {
  const about = { to: target.name, template: nameOf(target), place: placeOf(target) };
  let result: Delivered = { outcome: 'failed', attempts: 0, duration_ms: 0 };
  for (const delivery of testsOf(services, options, target, tests)) {
    result = await deliver(deps, delivery);
    if (result.outcome !== 'delivered') break;
  }
  return { ...about, ...result };
}

function testsOf(services: Services, options: GlobalOptions, target: NoticeTarget, tests: Tests) {
  const template = templateOf(target);
  const language = target.lang ?? policyOf(options, services).language;
  const kinds: readonly NoticeKind[] = ['test', 'test-over'];
  if (!template) return [];
  return kinds
    .filter((what) => what === 'test' || wants(target, template, what))
    .map((what) => ({ target, template, message: testMessage({ ...tests, what }, language), pauses: PAUSES_MS }));
}

async function listTargets(services: Services, options: GlobalOptions, targets: readonly NoticeTarget[]): Promise<number> {
  const secrets = await services.secrets();
  const rows = await Promise.all(
    targets.map(async (target) => {
      const template = templateOf(target);
      const references = [
        ...Object.values(target.credentials ?? {}),
        ...(typeof target.url === 'object' ? [target.url] : []),
      ] as SecretRef[];
      const missing = await Promise.all(
        references.map((ref) =>
          secrets.reveal(ref).then(
            () => [],
            (error: Error) => [error.message],
          ),
        ),
      );
      const events = NOTICE_KINDS.filter((what) => !what.startsWith('test') && template !== undefined && wants(target, template, what));
      return {
        name: target.name,
        template: nameOf(target),
        place: placeOf(target),
        events,
        ready: missing.flat().length === 0,
        missing: missing.flat(),
      };
    }),
  );
  if (options.json) await services.out(jsonLine({ schema_version: 1, targets: rows }, 2));
  else {
    const { language } = policyOf(options, services);
    const say = wordsIn(language);
    const lines = rows.map(({ name, template, place, events, missing }) => {
      const told = events.map((what) => say(`notice_${what}`)).join(', ');
      return `${name}  ${template}  ${place}  ${told}${missing.map((each) => `\n  ${escapeControlInLine(describeReason(each, language))}`).join('')}\n`;
    });
    await services.out(lines.join(''));
  }
  return ExitCode.healthy;
}

/** What would be sent, credentials as `***`. */
async function showRequests(services: Services, options: GlobalOptions, targets: readonly NoticeTarget[], tests: Tests): Promise<number> {
  const shown = targets.flatMap((target) =>
    testsOf(services, options, target, tests).map((delivery) => {
      const { url, headers, body } = shownRequest(delivery);
      return { to: target.name, url, headers, body: JSON.parse(body) as Json };
    }),
  );
  await services.out(
    options.json
      ? jsonLine({ schema_version: 1, requests: shown }, 2)
      : shown.map(({ to, url, headers, body }) => `${to}: POST ${url}\n${headerLines(headers)}${jsonLine(body, 2)}`).join('\n'),
  );
  return ExitCode.healthy;
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

async function tellResults(services: Services, options: GlobalOptions, results: readonly Tested[]): Promise<void> {
  if (options.json) return await services.out(jsonLine({ schema_version: 1, results }, 2));
  const { language } = policyOf(options, services);
  const say = wordsIn(language);
  const lines = results.map(({ to, place, outcome, duration_ms, why = '' }) => {
    const told = escapeControlInLine(
      say(`told_${outcome}`, { to: `${to} (${place})`, what: say('notice_test'), why: describeReason(why, language) }),
    );
    return `${told}${outcome === 'delivered' ? `  ${duration_ms} ms` : ''}\n`;
  });
  await services.out(lines.join(''));
}

function nameOf({ template }: NoticeTarget): string {
  return typeof template === 'string' ? template : 'own';
}

/** Its host alone: the rest may hold a token. */
function placeOf(target: NoticeTarget): string {
  const url = target.url ?? templateOf(target)?.url;
  if (typeof url !== 'string') return '***';
  const host = hostIn(url) ?? '?';
  return /^http:/i.test(url) ? `${host}, not encrypted` : host;
}
