/** What this phone is, as far as its browser tells. */

interface Browser {
  userAgent: string;
  maxTouchPoints: number;
}

const MAKES: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/CrOS/, 'Chromebook'],
  [/Linux/, 'Linux'],
];
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg/, 'Edge'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/coc_coc/i, 'Cốc Cốc'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
];

/** Return a name for this phone that its owner will know again: "Android · Chrome". */
export function phoneName({ userAgent }: Browser): string {
  const find = (names: readonly [RegExp, string][]) => names.find(([sign]) => sign.test(userAgent))?.[1];
  return [find(MAKES), find(BROWSERS)].filter((name) => name !== undefined).join(' · ');
}

/** True for iPhone and iPad, where pages that are not installed lose their storage after seven idle days. */
export function isApple({ userAgent, maxTouchPoints }: Browser): boolean {
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/** True when the app was installed and runs in a window of its own. */
export function isInstalled(): boolean {
  return window.matchMedia('(display-mode: standalone)').matches;
}
