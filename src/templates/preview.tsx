/**
 * The cells that a template would give, to read before they are written.
 */
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import React from 'react';
import type { IPreviewCell, IPreviewLine } from './model';

/** What {@link Preview} shows. */
export interface IPreviewProps {
  cells: IPreviewCell[];
  /** Renders text and colours code; plain text when absent. */
  rendermime: IRenderMimeRegistry | null;
  trans: TranslationBundle;
}

/** All cells, in order. Nothing in them can be edited or run. */
export function Preview(props: IPreviewProps): JSX.Element {
  const { cells, rendermime, trans } = props;
  return (
    <ol className="jp-TemplatePreview" aria-label={trans.__('Cells')}>
      {cells.map((cell, index) => (
        <li
          className={`jp-TemplatePreview-cell jp-mod-${cell.type}`}
          key={index}
        >
          {cell.lines ? (
            <ParameterLines lines={cell.lines} trans={trans} />
          ) : (
            <CellText
              source={cell.source}
              type={cell.type}
              rendermime={rendermime}
            />
          )}
        </li>
      ))}
    </ol>
  );
}

/** The cell of parameters; what the person changed is marked in words. */
function ParameterLines(props: {
  lines: IPreviewLine[];
  trans: TranslationBundle;
}): JSX.Element {
  const { lines, trans } = props;
  const node = React.useRef<HTMLElement>(null);
  const seen = React.useRef(lines);
  React.useEffect(() => {
    const place = lines.findIndex(
      (line, index) =>
        line.text !== seen.current[index]?.text ||
        line.mark !== seen.current[index]?.mark
    );
    seen.current = lines;
    if (place !== -1 && node.current) {
      Private.reveal(node.current.children[place]);
    }
  }, [lines]);
  return (
    <code
      className="jp-TemplatePreview-parameters"
      ref={node}
      tabIndex={0}
      aria-label={trans.__('Parameters')}
      role="group"
    >
      {lines.map((line, index) => (
        <span
          className={`jp-TemplatePreview-line${line.mark ? ` jp-mod-${line.mark}` : ''}`}
          key={index}
        >
          <span className="jp-TemplatePreview-mark">
            {line.mark === 'changed' && trans.__('changed')}
            {line.mark === 'invalid' && trans.__('not right yet')}
          </span>
          <span className="jp-TemplatePreview-code">
            {line.text || '\u00a0'}
          </span>
        </span>
      ))}
    </code>
  );
}

/** Text and code, rendered once: no value changes them. */
const CellText = React.memo(
  (props: {
    source: string;
    type: IPreviewCell['type'];
    rendermime: IRenderMimeRegistry | null;
  }): JSX.Element => {
    const { source, type, rendermime } = props;
    const host = React.useRef<HTMLDivElement>(null);
    React.useEffect(() => {
      if (!rendermime || type === 'raw' || !host.current) {
        return;
      }
      const renderer = rendermime.createRenderer('text/markdown');
      const markdown = type === 'code' ? Private.fence(source) : source;
      Widget.attach(renderer, host.current);
      void renderer.renderModel(
        rendermime.createModel({ data: { 'text/markdown': markdown } })
      );
      return () => {
        renderer.dispose();
      };
    }, [source, type, rendermime]);
    return rendermime && type !== 'raw' ? (
      <div ref={host} className="jp-TemplatePreview-rendered" />
    ) : (
      <pre className="jp-TemplatePreview-plain">{source}</pre>
    );
  }
);
CellText.displayName = 'CellText';

namespace Private {
  /** Scroll the preview, and only the preview, to a line of it. */
  export function reveal(line: Element): void {
    const pane = line.closest('.jp-TemplateView-preview');
    if (!pane || pane.scrollHeight <= pane.clientHeight) {
      return;
    }
    const [inner, outer] = [
      line.getBoundingClientRect(),
      pane.getBoundingClientRect()
    ];
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      pane.scrollTop +=
        inner.top - outer.top - (outer.height - inner.height) / 2;
    }
  }

  /** Code as Markdown, which JupyterLab colours; the fence outlasts its text. */
  export function fence(source: string): string {
    const runs = source.match(/`+/g) ?? [];
    const ticks = '`'.repeat(Math.max(2, ...runs.map(run => run.length)) + 1);
    return `${ticks}python\n${source}\n${ticks}`;
  }
}
