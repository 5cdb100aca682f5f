import {
  ITranslator,
  nullTranslator,
  TranslationBundle
} from '@jupyterlab/translation';
import * as React from 'react';
import { localeOf } from '../cluster/units';
import { DOMAIN } from '../tokens';

/** The words and the number formats of the page. */
export interface ILanguage {
  trans: TranslationBundle;
  /** A BCP 47 tag; the browser's language when absent. */
  locale?: string;
}

const LanguageContext = React.createContext<ILanguage>({
  trans: nullTranslator.load(DOMAIN)
});

/** Gives the language to all parts below it. */
export const LanguageProvider = LanguageContext.Provider;

/** The language of the page. */
export function useLanguage(): ILanguage {
  return React.useContext(LanguageContext);
}

/** The words of the page's translator and its way to write numbers. */
export function createLanguage(translator: ITranslator | null): ILanguage {
  const { languageCode } = translator ?? nullTranslator;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const locale = localeOf(languageCode);
  return locale === undefined ? { trans } : { trans, locale };
}
