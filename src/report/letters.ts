/** The letters that a session can be made into, by name; each is filled with what the journal knows and marks the rest `TODO(owner)`. */
import type { Language } from '../ports.ts';
import { type Incident, type Telling, tell } from './incident.ts';
import type { CompensationPolicy } from './letter-after.ts';
import type { TemplateName } from './template-names.ts';

export async function renderTemplate(
  name: TemplateName,
  incident: Incident,
  language: Language,
  policy: CompensationPolicy,
): Promise<string> {
  const telling: Telling = tell(incident, language);
  switch (name) {
    case 'customer-sms':
      return (await import('./letter-customers.ts')).customerSms(telling);
    case 'customer-banner':
      return (await import('./letter-customers.ts')).customerBanner(telling);
    case 'customer-mail':
      return (await import('./letter-customers.ts')).customerMail(telling);
    case 'merchant-notice':
      return (await import('./letter-customers.ts')).merchantNotice(telling);
    case 'provider-ticket':
      return (await import('./letter-partners.ts')).providerTicket(telling);
    case 'bank-limit-request':
      return (await import('./letter-partners.ts')).bankLimitRequest(telling);
    case 'regulator-report':
      return (await import('./letter-partners.ts')).regulatorReport(telling);
    case 'compensation':
      return (await import('./letter-after.ts')).compensation(telling, policy);
    case 'handover':
      return (await import('./letter-after.ts')).handover(telling);
    case 'audit':
      return (await import('./letter-audit.ts')).audit(telling);
    case 'vip-queue':
      return (await import('./letter-queue.ts')).vipQueueLetter(telling);
    case 'postmortem':
      return (await import('./letter-after.ts')).postmortem(telling);
  }
}
