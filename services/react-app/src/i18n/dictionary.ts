/** The shape of a dictionary and the list of languages. */
import { en } from './en';
import { es } from './es';

/** The same keys and the same holes as English, with any text. */
export type Dictionary = {
  readonly [K in keyof typeof en]: (typeof en)[K] extends (...holes: infer Holes) => string
    ? (...holes: Holes) => string
    : string;
};

export type MessageKey = keyof Dictionary;
/** The keys of texts without holes. */
export type PlainKey = {
  [K in MessageKey]: Dictionary[K] extends string ? K : never;
}[MessageKey];

export const dictionaries = { es, en } satisfies Record<string, Dictionary>;
export type Language = keyof typeof dictionaries;
export const languages = Object.keys(dictionaries) as Language[];

/** Each language's name in itself. */
export const languageNames: Record<Language, string> = { es: 'Español', en: 'English' };
