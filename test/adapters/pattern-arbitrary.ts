import fc from 'fast-check';

/** Patterns of RE2, most of them valid, many of them odd. */
const atom = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'A', 's', 'k', 'K', ' ', '0', '支', 'é') },
  { weight: 4, arbitrary: fc.constantFrom('abs', 'aBk', 'skA', 'a b', '支é', '支支') },
  {
    weight: 4,
    arbitrary: fc.constantFrom('.', '\\.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\t', '\\x61', '\\x{652f}', '\\x{17f}', '\ufffd'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '[ab]',
      '[^a]',
      '[a-k]',
      '[\\d_]',
      '[^\\w]',
      '[[:alpha:]]',
      '[[:^space:]]',
      '[sk]',
      '[a-]',
      '[]a]',
      '[^支]',
      '[a-é]',
      '[ſ]',
      '[\\x{100}-\\x{200}]',
      '[\\W0]',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B', '\\A', '\\z', '') },
  // Written by hand, refused or taken for something else.
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{',
      '{a}',
      '{,2}',
      'a{01}',
      '\\Qa.b\\E',
      '\\pL',
      '\\p{Han}',
      '\\C',
      '\\1',
      '\\8',
      '\\_',
      '[z-a]',
      '[[:foo:]]',
      '[a',
      ')',
      '(',
      '*',
      'a**',
      'a{2}{3}',
      'a{1001}',
      '(?U)',
      '(?',
      '(?=a)',
      '\\',
    ),
  },
);

const quantifier = fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}', '{3,1}', '*?', '+?', '??', '{2}?');

export const patternSource: fc.Arbitrary<string> = fc
  .letrec<{ pattern: string; sequence: string; piece: string; group: string }>((tie) => ({
    pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((options) => options.join('|')),
    sequence: fc.array(tie('piece'), { minLength: 0, maxLength: 4 }).map((pieces) => pieces.join('')),
    piece: fc
      .tuple(
        fc.oneof({ depthSize: 'small', withCrossShrink: true }, { weight: 6, arbitrary: atom }, { weight: 2, arbitrary: tie('group') }),
        fc.option(quantifier, { freq: 3 }),
      )
      .map(([of, repeat]) => of + (repeat ?? '')),
    group: fc
      .tuple(fc.constantFrom('(', '(?:', '(?i:', '(?P<n>', '(?<m>', '(?-i:', '(?is-m:', '(?i)('), tie('pattern'))
      .map(([open, inner]) => `${open}${inner})`),
  }))
  .pattern.chain((pattern) => fc.constantFrom('', '', '(?i)', '(?s)', '(?im)').map((flags) => flags + pattern));
