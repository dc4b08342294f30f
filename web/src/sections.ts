/** The sections of the report, in the order they are read. */

import type { Context } from './context';
import { buildCampErrors } from './displacement/errors';
import { buildCampFans } from './displacement/fans';
import { buildCampMap } from './displacement/map';
import { buildCampLimits } from './displacement/notes';
import type { WhatIf } from './document';
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
import { buildDrivers } from './sections/whatif/drivers';
import { buildExperts } from './sections/whatif/experts';
import { buildLevers } from './sections/whatif/levers';
import { buildMoved } from './sections/whatif/moved';
import { buildTelling } from './sections/whatif/telling';

export interface Section {
  id: string;
  title: string;
  /** The name in the navigation. */
  short: string;
  /** Builds what stands under the heading. */
  build(context: Context): Child;
  /** Answers to questions put to the run: without any of them there is no such section. */
  needs?: readonly (keyof WhatIf)[];
}

export const SECTIONS: readonly Section[] = [
  { id: 'answer', title: 'The answer in words', short: 'Answer', build: buildAnswer },
  { id: 'map', title: 'Where they go', short: 'Map', build: buildMap },
  { id: 'fates', title: 'What becomes of them', short: 'Fates', build: buildFates },
  { id: 'countries', title: 'Home countries', short: 'Countries', build: buildCountries },
  { id: 'theatres', title: 'Theatres and the remnant', short: 'Theatres', build: buildTheatres },
  {
    id: 'whatif',
    title: 'What if',
    short: 'What if',
    build: buildLevers,
    needs: ['levers'],
  },
  { id: 'record', title: 'The record', short: 'Record', build: buildRecord },
  {
    id: 'experts',
    title: 'Who said so',
    short: 'Experts',
    build: buildExperts,
    needs: ['experts'],
  },
  {
    id: 'moved',
    title: 'How the answer moved',
    short: 'Moved',
    build: buildMoved,
    needs: ['update', 'history', 'influence'],
  },
  { id: 'told', title: 'What the data could tell', short: 'Data', build: buildTold },
  {
    id: 'drivers',
    title: 'What drives it',
    short: 'Drivers',
    build: buildDrivers,
    needs: ['sensitivity'],
  },
  {
    id: 'telling',
    title: 'What would tell most',
    short: 'Worth',
    build: buildTelling,
    needs: ['information', 'indicators'],
  },
  { id: 'ledger', title: 'The ledger', short: 'Ledger', build: buildLedger },
  { id: 'limits', title: 'Limits', short: 'Limits', build: buildLimits },
  { id: 'glossary', title: 'Glossary', short: 'Glossary', build: buildGlossary },
];

/** The sections of a document about camps. */
const CAMP_SECTIONS: readonly Section[] = [
  { id: 'answer', title: 'The answer in words', short: 'Answer', build: buildAnswer },
  { id: 'map', title: 'Where they go', short: 'Map', build: buildCampMap },
  { id: 'camps', title: 'Camps', short: 'Camps', build: buildCampFans },
  { id: 'errors', title: 'How far from the counts', short: 'Errors', build: buildCampErrors },
  { id: 'limits', title: 'Limits', short: 'Limits', build: buildCampLimits },
];

/** The sections that a document has something for. */
export function sectionsOf(context: Context): readonly Section[] {
  if (context.doc.displacement) return CAMP_SECTIONS;
  const answers = context.doc.whatif ?? {};
  return SECTIONS.filter(({ needs }) => !needs || needs.some((kind) => answers[kind]));
}
