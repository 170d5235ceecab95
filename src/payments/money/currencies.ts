/**
 * Minor units of the currencies: ISO 4217:2015, list one (maintained by SIX on behalf of ISO), active codes with their number.
 * An exponent of 2 is the rule; the exceptions stand apart.
 */
const EXPONENT_2 =
  'AED784 AFN971 ALL008 AMD051 AOA973 ARS032 AUD036 AWG533 AZN944 BAM977 BBD052 BDT050 BGN975 BMD060 BND096 BOB068 BOV984 BRL986 BSD044 ' +
  'BTN064 BWP072 BYN933 BZD084 CAD124 CDF976 CHE947 CHF756 CHW948 CNY156 COP170 COU970 CRC188 CUP192 CVE132 CZK203 DKK208 DOP214 DZD012 ' +
  'EGP818 ERN232 ETB230 EUR978 FJD242 FKP238 GBP826 GEL981 GHS936 GIP292 GMD270 GTQ320 GYD328 HKD344 HNL340 HTG332 HUF348 IDR360 ILS376 ' +
  'INR356 IRR364 JMD388 KES404 KGS417 KHR116 KPW408 KYD136 KZT398 LAK418 LBP422 LKR144 LRD430 LSL426 MAD504 MDL498 MGA969 MKD807 MMK104 ' +
  'MNT496 MOP446 MRU929 MUR480 MVR462 MWK454 MXN484 MXV979 MYR458 MZN943 NAD516 NGN566 NIO558 NOK578 NPR524 NZD554 PAB590 PEN604 PGK598 ' +
  'PHP608 PKR586 PLN985 QAR634 RON946 RSD941 RUB643 SAR682 SBD090 SCR690 SDG938 SEK752 SGD702 SHP654 SLE925 SOS706 SRD968 SSP728 STN930 ' +
  'SVC222 SYP760 SZL748 THB764 TJS972 TMT934 TOP776 TRY949 TTD780 TWD901 TZS834 UAH980 USD840 USN997 UYU858 UZS860 VED926 VES928 WST882 ' +
  'XCD951 YER886 ZAR710 ZMW967 ZWG924';
const EXPONENT_0 = 'BIF108 CLP152 DJF262 GNF324 ISK352 JPY392 KMF174 KRW410 PYG600 RWF646 UGX800 UYI940 VND704 VUV548 XAF950 XOF952 XPF953';
const EXPONENT_3 = 'BHD048 IQD368 JOD400 KWD414 LYD434 OMR512 TND788';
const EXPONENT_4 = 'CLF990 UYW927';

export interface Currency {
  readonly code: string;
  /** Decimals of the major unit. */
  readonly exponent: number;
}

const NAMES: Readonly<Record<string, string>> = {
  人民币: 'CNY',
  RMB: 'CNY',
  CNH: 'CNY',
  港币: 'HKD',
  美元: 'USD',
  日元: 'JPY',
  欧元: 'EUR',
};

const CURRENCIES: ReadonlyMap<string, Currency> = new Map(
  [EXPONENT_0, '', EXPONENT_2, EXPONENT_3, EXPONENT_4].flatMap((list, exponent) =>
    list.split(' ').flatMap((entry) => {
      if (entry === '') return [];
      const currency = { code: entry.slice(0, 3), exponent };
      return [[currency.code, currency] as const, [entry.slice(3), currency] as const];
    }),
  ),
);

/** By letters, by number (DE49 of ISO 8583) or by the names that Chinese bills use; undefined: no currency of the list. */
export function findCurrency(text: string): Currency | undefined {
  const name = text.trim().toUpperCase();
  return CURRENCIES.get(NAMES[name] ?? (/^\d{1,3}$/.test(name) ? name.padStart(3, '0') : name));
}
