/** Which flows a view shows: by whom, which cohort and which stratum. */

import type { Flow, ReportDocument } from '../document';
import type { View } from '../state';

export interface Selection {
  flows: Flow[];
  /** In words, where the report cannot show all that was asked; else null. */
  missing: string | null;
}

/** One name for a flow, the same at every month. */
export const flowKey = (flow: Flow): string => `${flow.fate}-${flow.to}`;

/** The flows of one view. Returned flows are kept by home country only: a group's are those of its countries. */
export function selectFlows(doc: ReportDocument, view: View): Selection {
  const group = doc.groups.some((item) => item.id === view.from);
  const member = new Set(
    doc.origins
      .filter((origin) => view.from === 'all' || origin.kind === view.from)
      .map((origin) => origin.id),
  );
  const chosen = doc.map.flows.filter((flow) => {
    if (view.cohort !== 'all' && flow.cohort !== view.cohort) return false;
    if (flow.from === view.from) return true;
    return group && flow.fate === 'returned' && member.has(flow.from);
  });
  const flows = chosen.filter((flow) => flow.stratum === view.stratum);
  let missing: string | null = null;
  if (view.stratum !== 'all') {
    const shown = new Set(flows.map((flow) => flow.fate));
    const left = chosen.some((flow) => flow.stratum === 'all' && !shown.has(flow.fate));
    if (left && view.cohort !== 'all' && view.cohort !== 'returnees') {
      missing = `For ${group ? 'this group' : 'a single home country'}, this cohort is known only for everyone together, not by men, women and minors.`;
    } else if (left) {
      missing = `By men, women and minors, ${group ? 'this group' : 'a single home country'} shows only those who come home; the other cohorts are known only for everyone together.`;
    }
  }
  return { flows, missing };
}

/** What kind of count a flow is, in words. */
export function flowMeaning(flow: Flow): string {
  switch (flow.fate) {
    case 'returned':
      return 'home since the cut-off';
    case 'underground':
      return 'underground there';
    case 'resurgent':
      return 'active again there';
    case 'elsewhere':
      return 'there, in another theatre';
    default:
      return 'there, in a third country';
  }
}
