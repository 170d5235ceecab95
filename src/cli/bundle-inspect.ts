/** What is in a bundle, whatever it is worth. */

import type { Absent, Item, Manifest } from '../bundle/manifest.ts';
import { describeReason } from '../checks/check.ts';
import { formatBytes } from '../checks/linux.ts';
import { ExitCode } from '../errors.ts';
import type { Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import type { BundleOptions } from './bundle.ts';
import { type Opened, openBundle } from './bundle-open.ts';
import { cleanText } from './bundle-shown.ts';
import { describeVerified } from './bundle-verify.ts';
import { bundleWords, nameOf } from './bundle-words.ts';
import { policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

/** Of what is not one of ours a list could be endless. */
const MAX_SHOWN = 1_000;

export async function inspectCommand(services: Services, [file]: readonly string[], options: BundleOptions): Promise<number> {
  if (file === undefined) throw usage('bundle inspect needs a file', 'for example: oor bundle inspect incident.tar.gz');
  const opened = await openBundle(services, file, options);
  const { manifest, exitCode, firstBad, reason, signedBy } = opened.verified;
  const lasting = exitCode === ExitCode.recordDamaged || exitCode === ExitCode.invalidInput ? exitCode : ExitCode.healthy;
  if (options.json) {
    const entries = [...opened.entries].map(([name, bytes]) => ({ name: cleanText(name), bytes: bytes.length }));
    const state = { exit_code: exitCode, first_bad: firstBad, reason, signed_by: signedBy };
    await services.out(jsonLine({ schema_version: 1, verified: state, manifest: manifest ?? null, entries }, 2));
    return lasting;
  }
  const { language } = policyOf(options, services);
  const lines = [
    describeVerified(opened, language),
    ...(manifest ? describeManifest(manifest, language) : []),
    ...listEntries(opened, language),
  ];
  await services.out(`${lines.map(escapeControlInLine).join('\n')}\n`);
  return lasting;
}

function describeManifest(manifest: Manifest, language: Language): readonly string[] {
  const say = bundleWords(language);
  const { window, redactions, issuers = {}, playbook, tool } = manifest;
  const cards = Object.entries(issuers).map(([issuer, count]) => `${issuer} ${count}`);
  const removed = redactions.map(({ rule, count }) => `${rule} ${count}`);
  return [
    say('about', {
      session: manifest.session,
      host: manifest.host,
      site: manifest.site || '-',
      from: manifest.started_at,
      to: manifest.ended_at,
    }),
    say('verdict', {
      verdict: nameOf(manifest.verdict, language),
      outcome: nameOf(manifest.outcome, language),
      code: manifest.exit_code,
      playbook: playbook.id,
      version: tool.version,
    }),
    say('window', { since: window.since, until: window.until ?? say('endOfRun') }),
    say('removed', { kinds: removed.join(', ') || say('nothing') }),
    ...(cards.length > 0 ? [say('issuers', { groups: cards.join(', ') })] : []),
    '',
    say('items', { count: manifest.items.length }),
    ...manifest.items.slice(0, MAX_SHOWN).map((item) => describeItem(item, language)),
    '',
    say('absent', { count: manifest.not_collected.length }),
    ...manifest.not_collected.slice(0, MAX_SHOWN).map((absent) => describeAbsent(absent, language)),
    '',
  ];
}

function describeItem({ step, command, file, exit_code, duration_ms, truncated, entry }: Item, language: Language): string {
  const say = bundleWords(language);
  const what = command ? `$ ${command.map(String).join(' ')}` : String(file ?? '');
  const exit = typeof exit_code === 'number' ? ` ${say('exit', { code: exit_code })}` : '';
  return `  ${step}  ${what}${exit} ${duration_ms} ms${truncated ? ` ${say('truncated')}` : ''}  ${entry}`;
}

function describeAbsent({ step, what, collected, why, unlock }: Absent, language: Language): string {
  const say = (text: string): string => describeReason(text, language);
  return `  ${nameOf(collected, language).padEnd(19)} ${step}  ${what === 'the step' ? say(what) : what}: ${say(why)}${unlock === undefined ? '' : ` -> ${say(unlock)}`}`;
}

function listEntries({ entries }: Opened, language: Language): readonly string[] {
  const shown = [...entries].slice(0, MAX_SHOWN).map(([name, bytes]) => `  ${formatBytes(bytes.length).padStart(10)}  ${cleanText(name)}`);
  return [bundleWords(language)('entries', { count: entries.size }), ...shown];
}
