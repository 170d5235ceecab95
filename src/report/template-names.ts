/** The letters by name; `letters.ts` makes them. */
export const TEMPLATES = [
  'customer-sms',
  'customer-banner',
  'customer-mail',
  'merchant-notice',
  'provider-ticket',
  'bank-limit-request',
  'regulator-report',
  'compensation',
  'handover',
  'postmortem',
  'audit',
  'vip-queue',
] as const;
export type TemplateName = (typeof TEMPLATES)[number];
