// Runs inside the page: what a reader with a keyboard, a screen reader or poor sight needs, and whether every picture was drawn.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const numbersOf = (text) => text.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? [];
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const parse = (text) => numbersOf(text).map(Number);
  const backgroundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [red, green, blue, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [one, other] = [luminance(parse(getComputedStyle(element).color).slice(0, 3)), luminance(backgroundOf(element))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const withText = all('body *').filter(
    (element) =>
      !element.closest('svg') &&
      element.checkVisibility() &&
      [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''),
  );
  const ids = all('[id]').map(({ id }) => id);
  const paths = all('svg path').map((path) => path.getAttribute('d') ?? '');
  const geometry = ['x', 'y', 'width', 'height', 'cx', 'cy', 'r', 'rx'];
  const values = all('svg *').flatMap((element) => geometry.flatMap((name) => element.getAttribute(name) ?? []));
  const boxOf = (element) => {
    const { x, y, width, height } = element.getBBox();
    return { x, y, width, height };
  };
  return {
    title: document.title,
    lang: document.documentElement.lang,
    landmarks: {
      h1: all('h1').length,
      main: all('main').length,
      nav: all('nav[aria-label]').length,
      banner: all('body > header').length,
      footer: all('body > footer').length,
    },
    sections: all('main > section').map(({ id }) => id),
    headsWithoutScope: all('th:not([scope])').length,
    picturesWithoutName: all('svg:not([aria-label]):not([aria-hidden])').length,
    twiceUsedIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    deadLinks: all('a[href^="#"]')
      .map((link) => link.getAttribute('href').slice(1))
      .filter((id) => document.getElementById(id) === null),
    strangeLinks: all('a')
      .map((link) => link.getAttribute('href') ?? '')
      .filter((href) => !/^(#|\.\/)/.test(href)),
    badPaths: paths.filter(
      (d) => !/^M/.test(d) || /[^MLHVCZhv\d\s.e-]/.test(d) || numbersOf(d).some((number) => !Number.isFinite(Number(number))),
    ),
    badValues: values.filter((value) => value.trim() === '' || !Number.isFinite(Number(value))),
    charts: all('.chart svg').map(boxOf),
    drawn: {
      bars: all('.chart .bars').map(boxOf),
      lines: all('.path .line').length,
      boxes: all('.path .box').length,
      dots: all('.path .dot').length,
    },
    elements: [...new Set(all('*').map(({ localName }) => localName))].toSorted(),
    attributes: [...new Set(all('*').flatMap((element) => element.getAttributeNames()))].toSorted(),
    lowContrast: withText
      .map((element) => ({ text: element.textContent.trim().slice(0, 40), ratio: Math.round(contrast(element) * 100) / 100 }))
      .filter(({ ratio }) => ratio < 4.5),
    texts: withText.length,
    background: backgroundOf(document.body),
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
})();
