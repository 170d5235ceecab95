import type { Verified } from '../bundle/verify.ts';
import { describeReason } from '../checks/check.ts';
import { ExitCode } from '../errors.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import type { BundleOptions } from './bundle.ts';
import { type Opened, OWN_KEY, openBundle } from './bundle-open.ts';
import { bundleWords } from './bundle-words.ts';
import { policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

export async function verifyCommand(services: Services, [file]: readonly string[], options: BundleOptions): Promise<number> {
  if (file === undefined) throw usage('bundle verify needs a file', 'for example: oor bundle verify incident.tar.gz');
  const opened = await openBundle(services, file, options);
  const { exitCode, firstBad, reason, signedBy, items, key } = opened.verified;
  if (options.json) {
    const answer = {
      schema_version: 1,
      ok: exitCode === ExitCode.healthy,
      first_bad: firstBad,
      reason,
      signed_by: signedBy,
      items,
      exit_code: exitCode,
      ...(key !== undefined && { key }),
    };
    await services.out(jsonLine(answer, 2));
  } else {
    const { language } = policyOf(options, services);
    const next = key === undefined ? [] : [bundleWords(language)('addKey', { key })];
    await services.out(`${[describeVerified(opened, language), ...next].join('\n')}\n`);
  }
  return exitCode;
}

export function describeVerified({ verified }: Pick<Opened, 'verified'>, language: 'en' | 'zh-CN'): string {
  return escapeControlInLine(bundleWords(language)(wordOf(verified), dataOf(verified, language)));
}

function wordOf({ exitCode }: Verified) {
  const words = { 0: 'good', 9: 'altered', 10: 'unsigned', 11: 'unknownKey', 65: 'foreign' } as const;
  return words[exitCode];
}

function dataOf({ firstBad, reason, signedBy, items }: Verified, language: 'en' | 'zh-CN'): Readonly<Record<string, string | number>> {
  const by = signedBy === OWN_KEY ? describeReason(OWN_KEY, language) : (signedBy ?? '-');
  return { name: firstBad ?? '-', reason: describeReason(reason, language), by, items };
}
