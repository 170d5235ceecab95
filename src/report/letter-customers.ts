/** What customers and merchants are told. No cause, no promise, no card data; never "pay again" while an outcome is unknown. */

import type { Telling } from './incident.ts';
import { jsonLine } from './json-text.ts';
import { type Known, knownOf } from './letter-known.ts';

/** One message of a phone: what fails, what works, what not to do. */
export function customerSms(telling: Telling): string {
  const known = knownOf(telling);
  const { over, quiet, failing, alternatives, pick, site } = known;
  if (quiet) return nothingToTell(known);
  if (over)
    return pick(
      `${site}: payments work again. If you were charged more than once it comes back by itself. We never ask for card data.\n`,
      `【${site}】支付已恢复。如有重复扣款将自动退回。我们不会索要卡信息。\n`,
    );
  return pick(
    `${site}: ${failing} is unavailable at the moment. Please use ${alternatives}. If you have paid, do not pay again. We never ask for card data.\n`,
    `【${site}】${failing}暂时不可用，请使用${alternatives}。如已付款请勿重复支付。我们不会索要卡信息。\n`,
  );
}

/** Both languages at once: it is read by the shop, not by a person. */
export function customerBanner(telling: Telling): string {
  const inEach = (['en', 'zh-CN'] as const).map((language) => [language, bannerText(knownOf({ ...telling, language }))] as const);
  const { over, quiet, cause, failing } = knownOf({ ...telling, language: 'en' });
  return jsonLine(
    { method: cause?.component ?? failing, state: quiet ? 'none' : over ? 'restored' : 'unavailable', text: Object.fromEntries(inEach) },
    2,
  );
}

function bannerText(known: Known): string {
  const { over, quiet, failing, alternatives, pick } = known;
  if (quiet) return nothingToTell(known).trim();
  if (over) return pick('Payments work again. If you were charged twice it comes back by itself.', '支付已恢复。如有重复扣款将自动退回。');
  return pick(
    `${failing} is unavailable at the moment, please use ${alternatives}. If you have paid, do not pay again.`,
    `${failing}暂时不可用，请使用${alternatives}。如已付款请勿重复支付。`,
  );
}

/** A record in which nothing failed gives nobody a reason to write. */
function nothingToTell({ todo }: Known): string {
  return `${todo({ en: 'nothing failed in this session; whether there is anything to tell at all', 'zh-CN': '本会话未见支付失败；是否确需告知' })}\n`;
}

export function customerMail(telling: Telling): string {
  const known = knownOf(telling);
  if (known.quiet) return nothingToTell(known);
  const { over, failing, alternatives, pick, todo, since, unknownOutcome, site } = known;
  return pick(
    `Subject: ${over ? 'Payments work again' : 'Payments are disturbed'} - ${site}

Dear customer,

since ${since} payments with ${failing} ${over ? 'failed; they work again now' : 'fail or take long'}.
${over ? '' : `Please use ${alternatives} meanwhile.\n`}
- If you have paid and the order still says "unpaid": please do not pay again. We look the payment up and you hear from us.
${unknownOutcome > 0 ? `- For ${unknownOutcome} payments the outcome is not known yet; each is looked up with the provider.\n` : ''}- If you were charged twice, the second sum comes back by itself within ${todo({ en: 'days until a refund arrives', 'zh-CN': '退款到账天数' })}.
- Orders that could not be paid are kept until ${todo({ en: 'deadline of held orders', 'zh-CN': '保留订单期限' })}.
- Nobody of us asks for a card number, a code or a PIN to refund something.

${todo({ en: 'name and way to reach the service desk', 'zh-CN': '客服名称与联系方式' })}
`,
    `主题：${over ? '支付已恢复' : '支付出现异常'} - ${site}

尊敬的客户：

自 ${since} 起，通过 ${failing} 的支付${over ? '曾出现失败，现已恢复' : '出现失败或延迟'}。
${over ? '' : `请暂时使用 ${alternatives}。\n`}
- 如已付款而订单仍显示“未支付”：请勿重复支付，我们会查询并通知您。
${unknownOutcome > 0 ? `- 尚有 ${unknownOutcome} 笔支付结果未知，正逐笔向渠道查询。\n` : ''}- 如有重复扣款，多付金额将在 ${todo({ en: 'days until a refund arrives', 'zh-CN': '退款到账天数' })} 内自动退回。
- 未能支付的订单保留至 ${todo({ en: 'deadline of held orders', 'zh-CN': '保留订单期限' })}。
- 我方人员不会以退款为由索要卡号、验证码或密码。

${todo({ en: 'name and way to reach the service desk', 'zh-CN': '客服名称与联系方式' })}
`,
  );
}

export function merchantNotice(telling: Telling): string {
  const known = knownOf(telling);
  if (known.quiet) return nothingToTell(known);
  const { over, failing, alternatives, pick, todo, since, failed, unknownOutcome, site } = known;
  return pick(
    `To all merchants of ${site}

What: payments with ${failing} ${over ? 'failed and work again' : 'fail'}, since ${since}. Seen: ${failed} failed, ${unknownOutcome} of unknown outcome.
What works: ${alternatives}.
Do:
- Let a customer who has paid not pay again. Ask for the order number and leave it to the query.
- Retry with pauses that grow, with the same order number, never with a new one.
- Goods leave when the payment is booked, not for a picture of a receipt.
- Do not restart terminals unless we say so.
Do not: take card numbers, expiry dates or codes down, by phone, chat or on paper.
Next message: ${todo({ en: 'when you write again', 'zh-CN': '下次通知时间' })}
Settlement: ${todo({ en: 'whether today is settled later', 'zh-CN': '今日清算是否延后' })}
`,
    `致 ${site} 全体商户

情况：自 ${since} 起，${failing} 支付${over ? '曾失败，现已恢复' : '失败'}。已见失败 ${failed} 笔，结果未知 ${unknownOutcome} 笔。
可用方式：${alternatives}。
请：
- 已付款的客户不要再次支付；登记订单号，等待查询结果。
- 重试须递增间隔并使用同一订单号，不得换新订单号。
- 以入账为准发货，不以回单截图为准。
- 未接通知请勿重启终端。
不得：以电话、聊天或纸面记录卡号、有效期、验证码。
下次通知：${todo({ en: 'when you write again', 'zh-CN': '下次通知时间' })}
清算：${todo({ en: 'whether today is settled later', 'zh-CN': '今日清算是否延后' })}
`,
  );
}
