/** A place on the earth as a form holds it: `latitude longitude altitude accuracy`, in degrees and metres. */
export interface GeoParts {
  latitude: string;
  longitude: string;
  /** Metres, as the phone measured them; `0` when unknown or typed. */
  altitude: string;
  accuracy: string;
}

/** What a phone says of where it is (Geolocation API, 5.6). */
export interface Fix {
  latitude: number;
  longitude: number;
  altitude: number | null;
  accuracy: number;
}

/** Digits after the point: 6 of a degree are 11 cm. */
const DEGREE_DIGITS = 6;
const METRE_DIGITS = 1;

/** Read a stored answer, or what was typed so far. */
export function readGeo(answer: string): GeoParts {
  const [latitude = '', longitude = '', altitude = '0', accuracy = '0'] = answer.split(' ');
  return { latitude, longitude, altitude, accuracy };
}

/** Return what to store for typed degrees: a comma counts as a point; null when both are empty. */
export function writeGeo(latitude: string, longitude: string): string | null {
  const [lat, lon] = [degrees(latitude), degrees(longitude)];
  return lat === '' && lon === '' ? null : `${lat} ${lon} 0 0`;
}

/** Return both degrees when `typed` is a pair as maps copy it, such as `10.7769, 106.7008`; else null. */
export function pasted(typed: string): readonly [latitude: string, longitude: string] | null {
  const match = /^\s*(-?\d+\.\d+)\s*[,;\s]\s*(-?\d+\.\d+)\s*$/.exec(typed);
  return match === null ? null : [match[1] ?? '', match[2] ?? ''];
}

/** Return what to store for a fix. */
export function ofFix({ latitude, longitude, altitude, accuracy }: Fix): string {
  const metres = [altitude ?? 0, accuracy].map((value) => short(value, METRE_DIGITS));
  return [short(latitude, DEGREE_DIGITS), short(longitude, DEGREE_DIGITS), ...metres].join(' ');
}

function degrees(typed: string): string {
  return typed.replace(/\s/g, '').replace(',', '.');
}

function short(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '').replace(/^-0$/, '0');
}
