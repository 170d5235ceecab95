import type { TokenFormat } from './token-format.ts';

/** Addresses that are credentials by themselves: whoever has one may write there. */
export const ADDRESS_FORMATS: readonly TokenFormat[] = [
  {
    kind: 'webhook',
    source: 'developer.work.weixin.qq.com/document/path/91770',
    prefixes: ['qyapi.weixin.qq.com/cgi-bin/webhook/send?key='],
    body: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  },
  {
    kind: 'webhook',
    source: 'open.feishu.cn/document/client-docs/bot-v3/add-custom-bot',
    prefixes: ['v2/hook/'],
    body: '(?<=open-apis/bot/v2/hook/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  },
  {
    kind: 'log-intake',
    source: 'help.sumologic.com/docs/send-data/hosted-collectors/http-source',
    prefixes: ['v1/http/'],
    body: '(?<=receiver/v1/http/)[A-Za-z0-9_+/-]{64,120}={0,2}',
  },
  {
    kind: 'log-intake',
    source: 'documentation.solarwinds.com/en/success_center/loggly/content/admin/http-endpoint.htm',
    prefixes: ['inputs/'],
    body: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/)',
  },
];
