import type { Language, Text } from '../ports.ts';

/** The fixed words of the terminal; `{name}` is filled. Keys (`b`, `n`, ...) are the same in every language. */
export type Say = (word: Word, data?: Readonly<Record<string, string | number>>) => string;
export type Word = keyof typeof WORDS;

export function createSay(language: Language): Say {
  return (word, data = {}) => {
    const text: Text = WORDS[word];
    return (text[language] ?? text.en).replace(/\{(\w+)\}/g, (whole, name: string) => String(data[name] ?? whole));
  };
}

const WORDS = {
  yes: { en: 'Yes', 'zh-CN': '是' },
  no: { en: 'No', 'zh-CN': '否' },
  dontKnow: { en: "Don't know", 'zh-CN': '不清楚' },

  keyMove: { en: 'arrows or number, Enter', 'zh-CN': '方向键或数字，Enter 确认' },
  keyType: { en: 'type, then Enter', 'zh-CN': '输入后按 Enter' },
  keyNumber: { en: 'type a number, then Enter', 'zh-CN': '输入数字后按 Enter' },
  keyLine: { en: 'type the number or a key, then Enter', 'zh-CN': '输入编号或按键，再按 Enter' },
  keyHelp: { en: '{key} help', 'zh-CN': '{key} 帮助' },
  keyBack: { en: '{key} back', 'zh-CN': '{key} 返回' },
  keyNote: { en: '{key} note', 'zh-CN': '{key} 备注' },
  keySkip: { en: '{key} skip', 'zh-CN': '{key} 跳过' },
  keyMitigate: { en: '{key} stop the bleeding', 'zh-CN': '{key} 先止血' },
  keyNotKnowing: { en: "{key} skip, or don't know", 'zh-CN': '{key} 跳过或不清楚' },
  keyDecline: { en: '{key} no, with a reason', 'zh-CN': '{key} 拒绝并说明原因' },
  keyStatus: { en: '{key} status', 'zh-CN': '{key} 状态' },
  keyWhy: { en: '{key} why', 'zh-CN': '{key} 依据' },
  keyQuit: { en: '{key} save and quit', 'zh-CN': '{key} 保存并退出' },

  helpBack: {
    en: '{key}  go back to the earlier answer; nothing that was changed is undone',
    'zh-CN': '{key}  返回上一个回答；已执行的变更不会撤销',
  },
  helpNote: { en: '{key}  write a note for the record, then answer', 'zh-CN': '{key}  写一条备注，然后继续回答' },
  helpSkip: { en: '{key}  skip this question; a reason is asked', 'zh-CN': '{key}  跳过此问题，需要填写原因' },
  helpDecline: { en: '{key}  decline; the reason goes into the record', 'zh-CN': '{key}  拒绝，原因写入记录' },
  helpMitigate: { en: '{key}  offer what stops the bleeding, before the cause is known', 'zh-CN': '{key}  在查明原因之前先选择止血措施' },
  helpStatus: { en: '{key}  three lines of status, to paste to others', 'zh-CN': '{key}  三行状态，可粘贴给他人' },
  helpWhy: {
    en: '{key}  the ranking of causes, what speaks for and against, the best rival, the test that separates them',
    'zh-CN': '{key}  原因排名、支持与反对的证据、最强的其他解释、区分两者的测试',
  },
  helpQuit: { en: '{key}  save everything and quit; oor resume goes on here', 'zh-CN': '{key}  保存并退出；用 oor resume 可从此处继续' },
  helpColon: { en: '::  an answer that begins with a colon', 'zh-CN': '::  以冒号开头的回答' },

  chooseFirst: {
    en: 'Nothing is chosen yet: use the arrows or a number, then Enter.',
    'zh-CN': '尚未选择：请用方向键或数字选择，再按 Enter。',
  },
  chooseNumber: { en: 'Choose a number from 1 to {count}.', 'zh-CN': '请输入 1 到 {count} 之间的编号。' },
  noBack: { en: 'There is no earlier answer to go back to.', 'zh-CN': '没有可返回的上一个回答。' },
  noSkip: { en: 'This one cannot be skipped: answer it, or save and quit.', 'zh-CN': '此问题不能跳过：请回答，或保存并退出。' },
  noMitigation: { en: 'There is nothing on offer that stops the bleeding now.', 'zh-CN': '目前没有可用的止血措施。' },
  noKey: { en: '"{key}" does nothing here; ? shows the keys.', 'zh-CN': '“{key}”在此无效；按 ? 查看按键。' },
  noCommand: {
    en: '"{key}" is no command; :? shows them. For an answer that begins with a colon, type it twice.',
    'zh-CN': '“{key}”不是命令；:? 查看命令。若回答以冒号开头，请输入两个冒号。',
  },

  askNote: { en: 'Note for the record (Esc or : alone goes back)', 'zh-CN': '备注（按 Esc 或只输入 : 返回）' },
  askNoteOrNo: {
    en: 'Note for the record (nothing and Enter answers No; Esc or : alone goes back)',
    'zh-CN': '备注（直接按 Enter 表示回答“否”；按 Esc 或只输入 : 返回）',
  },
  askReason: {
    en: "Why is it skipped? (nothing and Enter: you don't know; Esc or : alone goes back)",
    'zh-CN': '跳过的原因？（直接按 Enter 表示“不清楚”；按 Esc 或只输入 : 返回）',
  },
  askWhyNot: {
    en: 'Why not? (nothing and Enter answers No; Esc or : alone goes back)',
    'zh-CN': '拒绝的原因？（直接按 Enter 表示回答“否”；按 Esc 或只输入 : 返回）',
  },
  noteEmpty: { en: 'No note was written.', 'zh-CN': '没有写入备注。' },
  nothingKnown: { en: 'There is nothing to tell yet.', 'zh-CN': '目前没有可显示的内容。' },

  typeExactly: { en: 'To go ahead, type exactly: {text}', 'zh-CN': '要执行，请完整输入：{text}' },
  enterIsNo: { en: 'Nothing and Enter means No.', 'zh-CN': '直接按 Enter 表示“否”。' },
  notExact: { en: 'That is not the exact text; nothing was done.', 'zh-CN': '输入的文字不一致；未执行任何操作。' },
  textEmpty: { en: 'Type an answer.', 'zh-CN': '请输入回答。' },
  notNumber: { en: 'A number is expected, such as 12 or 0.5.', 'zh-CN': '需要一个数字，例如 12 或 0.5。' },
  outOfRange: { en: 'A number {range} is expected.', 'zh-CN': '需要一个{range}的数字。' },
  rangeBoth: { en: 'from {min} to {max}', 'zh-CN': '介于 {min} 和 {max} 之间' },
  rangeMin: { en: 'of at least {min}', 'zh-CN': '不小于 {min} ' },
  rangeMax: { en: 'of at most {max}', 'zh-CN': '不大于 {max} ' },
  wrongForm: { en: 'The answer must match {pattern}', 'zh-CN': '回答必须符合 {pattern}' },
  notYesNo: { en: 'Answer yes or no.', 'zh-CN': '请回答是或否。' },

  didSkip: { en: 'skipped: {text}', 'zh-CN': '已跳过：{text}' },
  didDecline: { en: 'declined: {text}', 'zh-CN': '已拒绝：{text}' },
  didNote: { en: 'noted: {text}', 'zh-CN': '已备注：{text}' },
  didBack: { en: 'back', 'zh-CN': '返回' },
  didMitigate: { en: 'stop the bleeding', 'zh-CN': '先止血' },
  didQuit: { en: 'saved, quitting', 'zh-CN': '已保存，退出' },
} as const satisfies Record<string, Text>;
