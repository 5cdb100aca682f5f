import * as React from 'react';
import { useLanguage } from './language';

/** One entry that can be found and clicked. */
export interface ISearchItem {
  id: string;
  title: string;
  detail?: string;
  tags?: string[];
  /** Found by the search, but not shown. */
  keywords?: string[];
  /** Entries of one group stand together under its name. */
  group?: string;
  act: () => void;
  /** Begins to drag the entry, where it can be dragged. */
  drag?: (event: MouseEvent) => void;
  /** What stands beside the entry, such as a star. */
  extra?: React.ReactNode;
}

export interface ISearchListProps {
  label: string;
  /** The search box's name; absent: there is none. */
  searchLabel?: string;
  /** Shown when nothing fits. */
  empty: string;
  items: ISearchItem[];
}

/** A list of things to open, with a search over title, text, tags and keywords. */
export function SearchList(props: ISearchListProps): JSX.Element {
  const { label, searchLabel, empty, items } = props;
  const { trans } = useLanguage();
  const [query, setQuery] = React.useState('');
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter(({ title, detail, tags, keywords, group }) => {
    const text = [title, detail, group, ...(tags ?? []), ...(keywords ?? [])]
      .join(' ')
      .toLowerCase();
    return words.every(word => text.includes(word));
  });
  const counted =
    words.length > 0
      ? trans._n('%1 entry found', '%1 entries found', found.length)
      : '';
  const said = found.length > 0 ? counted : empty;
  const groups = new Map<string, ISearchItem[]>();
  for (const item of found) {
    const group = item.group ?? '';
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return (
    <div className="jp-DaskSearch">
      {searchLabel ? (
        <input
          type="search"
          className="jp-mod-styled jp-DaskSearch-box"
          aria-label={searchLabel}
          placeholder={searchLabel}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
      ) : null}
      <p
        className={found.length > 0 ? 'jp-Dask-hidden' : 'jp-DaskSection-note'}
        role="status"
      >
        {said}
      </p>
      {[...groups].map(([group, members]) => (
        <React.Fragment key={group}>
          {group ? <h3 className="jp-DaskSearch-group">{group}</h3> : null}
          <ul
            className="jp-DaskSearch-list"
            aria-label={group ? trans.__('%1: %2', label, group) : label}
          >
            {members.map(({ id, title, detail, tags, act, drag, extra }) => (
              <li key={id} className="jp-DaskSearch-item">
                <button
                  type="button"
                  className="jp-DaskSearch-open"
                  title={detail}
                  draggable={drag !== undefined}
                  onDragStart={event => drag?.(event.nativeEvent)}
                  onClick={act}
                >
                  <span className="jp-DaskSearch-title">{title}</span>
                  {detail ? (
                    <span className="jp-DaskSearch-detail">{detail}</span>
                  ) : null}
                  {tags?.length ? (
                    <span className="jp-DaskSearch-tags">
                      {tags.map(tag => (
                        <span key={tag} className="jp-DaskSearch-tag">
                          {tag}
                        </span>
                      ))}
                    </span>
                  ) : null}
                </button>
                {extra}
              </li>
            ))}
          </ul>
        </React.Fragment>
      ))}
    </div>
  );
}
