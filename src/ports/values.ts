/** Texts and data that stand in everything else. */

export type Language = 'en' | 'zh-CN';

/** Operator-facing text. `en` is always there; a missing translation falls back to it. */
export interface Text {
  readonly en: string;
  readonly 'zh-CN'?: string;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
