import { type Json, type Position, panel, row } from "./grafana.ts";
import type { Panel, Section } from "./model.ts";

/** Columns of Grafana's grid. */
const columns = 24;

/** Width and height on the grid. A row of figures shares the width. */
const size = ({ type }: Panel): { readonly w: number; readonly h: number } => {
  if (type === "logs" || type === "traces") return { w: columns, h: 10 };
  return type === "stat" ? { w: 4, h: 4 } : { w: 12, h: 8 };
};

export interface Laid {
  readonly panels: readonly Json[];
  /** First free line. */
  readonly y: number;
  /** First free id. */
  readonly id: number;
}

/** Panels from left to right, a new line when the next does not fit. */
function flow(what: readonly Panel[], start: { readonly y: number; readonly id: number }): Laid {
  let { y, id } = start;
  let x = 0;
  let lineHeight = 0;
  const panels = what.map((each) => {
    const { w, h } = size(each);
    if (x + w > columns) {
      y += lineHeight;
      x = 0;
      lineHeight = 0;
    }
    const at: Position = { x, y, w, h };
    x += w;
    lineHeight = Math.max(lineHeight, h);
    return panel(id++, each, at);
  });
  return { panels, y: y + lineHeight, id };
}

/** Sections one below the other, each under a row with its title. */
export function sections(what: readonly Section[], start: { readonly y: number; readonly id: number }): Laid {
  return what.reduce<Laid>(
    (before, section) => {
      const header = row(before.id, section.title, before.y);
      const body = flow(section.panels, { y: before.y + 1, id: before.id + 1 });
      return { panels: [...before.panels, header, ...body.panels], y: body.y, id: body.id };
    },
    { panels: [], ...start },
  );
}
