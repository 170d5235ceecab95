/** What was changed, who agreed to it, what it printed, and whether its own signal came. */
import { describeReason } from '../checks/check.ts';
import { offerByKey } from '../engine/offers.ts';
import type { FixState } from '../engine/session.ts';
import { html, type Markup, type Part } from './html.ts';
import { anchorOf, instant, section, stepLink } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { inLanguage, nameFix } from './timeline-words.ts';
import { toneOfFix } from './verdict-words.ts';

export function renderFixes(telling: Telling): Markup {
  const { session, say } = telling;
  const fixes = [...session.fixes.values()];
  return section(
    'fixes',
    say('fixTitle'),
    fixes.length === 0 ? html`<p>${say('noFix')}</p>` : fixes.map((fix) => renderFix(telling, fix)),
    renderSoak(telling),
  );
}

function renderFix(telling: Telling, fix: FixState): Markup {
  const { plan, say, language } = telling;
  const offer = offerByKey(plan, fix.key);
  const signal = offer?.fix.signal.steps.flatMap((id) => {
    const own = offer.cause?.target ? `${id}@${offer.cause.target.name}` : id;
    return plan.stepByKey.has(own) ? [own] : [id];
  });
  return html`<article class="fix" id="${anchorOf('fix', fix.key)}">
<h3>${nameFix(telling, fix.key)} <span class="state ${toneOfFix(fix)}">${say(`stage_${fix.stage}`)}</span></h3>
<p class="meta"><code>${fix.key}</code> · ${instant(telling, fix.at)}${offer && html` · ${offer.fix.effect}`}${fix.guided && html` · ${say('byHand')}`}${fix.reason !== undefined && html` · ${describeReason(fix.reason, telling.language)}`}</p>
${offer?.fix.why && html`<p>${inLanguage(offer.fix.why, language)}</p>`}
${signal && signal.length > 0 && html`<p>${say('fixSignal')}: ${signal.map((key, index) => html`${index > 0 && ', '}${stepLink(telling, key)}`)}</p>`}
${fix.commands.map((command) => renderCommand(telling, command))}
</article>
`;
}

function renderCommand({ say }: Telling, { argv, exit_code, output, duration_ms }: FixState['commands'][number]): Markup {
  return html`<pre class="command">$ ${argv.map(quote).join(' ')}</pre>
<details><summary>${say('exitCode')} ${exit_code ?? '?'} · ${duration_ms} ms · ${say('output')}</summary><pre>${output === '' ? say('noOutput') : output}</pre></details>
`;
}

/** As it could be pasted into a shell. */
function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function renderSoak({ session: { soak }, say }: Telling): Part {
  if (soak.samples === 0) return '';
  const word = soak.finished === undefined ? 'soakRunning' : soak.finished ? 'soakGood' : 'soakBad';
  return html`<p class="soak">${say(word, { n: soak.samples, bad: soak.failed })}</p>`;
}
