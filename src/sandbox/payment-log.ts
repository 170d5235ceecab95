/** One line for each payment that a provider was asked for: who, how much, what came back. */
import type { LogFile } from './log-file.ts';

export interface AskedPayment {
  readonly order: string;
  readonly provider: string;
  readonly bin: string | undefined;
  /** Minor units. */
  readonly amount: number;
  /** The provider's own, or `timeout` or `error` where there was none. */
  readonly code: string;
  readonly ms: number;
}

export type PaymentLog = (payment: AskedPayment) => void;

export function logPayments(file: LogFile): PaymentLog {
  return ({ order, provider, bin, amount, code, ms }) => {
    const card = bin === undefined ? '' : ` bin=${bin}`;
    const value = `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
    file.write(
      `${new Date().toISOString()} order_no=${order} provider=${provider} method=card${card} amount=${value} currency=CNY code=${code} ms=${Math.round(ms)}`,
    );
  };
}
