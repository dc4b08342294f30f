/** The sections of the report, in the order they are read. */

import type { Context } from './context';
import type { Child } from './dom';
import { buildAnswer } from './sections/answer';
import { buildCountries } from './sections/countries';
import { buildFates } from './sections/fates';
import { buildGlossary } from './sections/glossary';
import { buildLedger } from './sections/ledger';
import { buildLimits } from './sections/limits';
import { buildMap } from './sections/map';
import { buildRecord } from './sections/record';
import { buildTheatres } from './sections/theatres';
import { buildTold } from './sections/told';

export interface Section {
  id: string;
  title: string;
  /** The name in the navigation. */
  short: string;
  /** Builds what stands under the heading. */
  build(context: Context): Child;
}

export const SECTIONS: readonly Section[] = [
  { id: 'answer', title: 'The answer in words', short: 'Answer', build: buildAnswer },
  { id: 'map', title: 'Where they go', short: 'Map', build: buildMap },
  { id: 'fates', title: 'What becomes of them', short: 'Fates', build: buildFates },
  { id: 'countries', title: 'Home countries', short: 'Countries', build: buildCountries },
  { id: 'theatres', title: 'Theatres and the remnant', short: 'Theatres', build: buildTheatres },
  { id: 'record', title: 'The record', short: 'Record', build: buildRecord },
  { id: 'told', title: 'What the data could tell', short: 'Data', build: buildTold },
  { id: 'ledger', title: 'The ledger', short: 'Ledger', build: buildLedger },
  { id: 'limits', title: 'Limits', short: 'Limits', build: buildLimits },
  { id: 'glossary', title: 'Glossary', short: 'Glossary', build: buildGlossary },
];
