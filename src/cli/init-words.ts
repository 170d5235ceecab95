/** What `oor init` says beside its questions. */
import type { Language, Text } from '../ports.ts';
import type { FoundService } from './init-services.ts';

export const INTRODUCTION: Text = {
  en: 'oor init looks at this machine, asks a few questions and writes one file; Enter takes what it found, :q leaves without writing',
  'zh-CN': 'oor init 查看本机，问几个问题，写出一个文件；回车采用找到的内容，:q 退出且不写入',
};

export function describeFound(services: readonly FoundService[], peers: number): Text {
  const names = services.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  if (names !== '') return { en: `found ${names}; ${peers} peers in their settings`, 'zh-CN': `找到 ${names}；其配置中有 ${peers} 个对端` };
  return {
    en: 'found no service that takes payments here; as root it sees the processes of others too, and every service can be added to the file by hand',
    'zh-CN': '没有找到支付相关服务；以 root 运行可看到其他用户的进程，也可以在文件中手工添加服务',
  };
}

const COUNTED_ZH: Readonly<Record<string, string>> = { entry: '入口', services: '服务', peers: '对端', switches: '交换机', hosts: '主机' };

export function describeEnd(
  { file, run }: { readonly file: string; readonly run: string },
  counts: Readonly<Record<string, number>>,
  language: Language,
): string {
  const each = Object.entries(counts);
  if (language === 'en')
    return `wrote ${file}: ${each.map(([what, count]) => `${count} ${what}`).join(', ')}\nread it, correct it, then: oor doctor (what is not seen yet), oor notify (whom to tell: oor help notify), ${run}\n`;
  return `已写入 ${file}：${each.map(([what, count]) => `${COUNTED_ZH[what] ?? what} ${count}`).join('，')}\n请阅读并修正，然后：oor doctor（还看不到什么），oor notify（通知谁：oor help notify），${run}\n`;
}
