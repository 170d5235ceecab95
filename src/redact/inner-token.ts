import { type Span, secretSpan } from './span.ts';

interface InnerForm {
  readonly kind: string;
  /** Where the issuer tells. */
  readonly source: string;
  /** Letters that stand inside of the token and nearly nowhere else. */
  readonly anchor: string;
  /** What stands before the anchor, up to it, and behind it. */
  readonly before: RegExp;
  readonly behind: RegExp;
}

/** Longest that stands before an anchor. */
const MAX_BEFORE = 96;

/** Tokens that begin like any other word and tell by something further on what they are. */
const FORMS: readonly InnerForm[] = [
  {
    kind: 'azure-client-secret',
    source: 'learn.microsoft.com/purview/sit-defn-azure-ad-client-secret',
    anchor: 'Q~',
    before: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\d$/,
    behind: /[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])/y,
  },
  {
    kind: 'terraform-token',
    source: 'developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
    anchor: '.atlasv1.',
    before: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}$/,
    behind: /[A-Za-z0-9_=-]{60,70}/y,
  },
  {
    kind: 'newrelic-key',
    source: 'docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/#license-key',
    anchor: 'NRAL',
    before: /(?<![A-Za-z0-9])(?=[a-z]*\d)[A-Za-z0-9]{36}$/,
    behind: /(?![A-Za-z0-9])/y,
  },
  {
    kind: 'mailchimp-key',
    source: 'mailchimp.com/developer/marketing/docs/fundamentals/#connecting-to-the-api',
    anchor: '-us',
    before: /(?<![0-9A-Za-z])[0-9a-f]{32}$/,
    behind: /\d{1,2}(?![A-Za-z0-9])/y,
  },
  {
    kind: 'maxmind-key',
    source: 'dev.maxmind.com/license-key-validation-api',
    anchor: '_mmk',
    before: /(?<![A-Za-z0-9])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}$/,
    behind: /(?![A-Za-z0-9])/y,
  },
  {
    kind: 'azure-key',
    source: 'learn.microsoft.com/azure/devops/release-notes/2024/general/sprint-241-update',
    anchor: 'JQQJ99',
    before: /(?<![A-Za-z0-9])[A-Za-z0-9]{52}$/,
    behind: /[A-Za-z0-9]{20,32}(?![A-Za-z0-9])/y,
  },
  {
    kind: 'azure-storage-key',
    source: 'learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
    anchor: '+ASt',
    before: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}$/,
    behind: /[A-Za-z0-9+/]{5,8}==/y,
  },
];

export function findInnerTokens(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const form of FORMS) {
    for (let at = text.indexOf(form.anchor); at !== -1; at = text.indexOf(form.anchor, at + form.anchor.length)) {
      const before = form.before.exec(text.slice(Math.max(0, at - MAX_BEFORE), at))?.[0];
      form.behind.lastIndex = at + form.anchor.length;
      if (before !== undefined && form.behind.test(text) && !/[xX]{8}/.test(text.slice(at, form.behind.lastIndex)))
        spans.push(secretSpan(form.kind, at - before.length, form.behind.lastIndex));
    }
  }
  return spans;
}
