import * as React from 'react';

export interface ITab {
  id: string;
  label: string;
}

export interface ITabsProps {
  label: string;
  tabs: ITab[];
  selected: string;
  onSelect: (id: string) => void;
  /** The inside of the selected tab. */
  children: React.ReactNode;
}

/** Tabs; the arrow keys move among them. */
export function Tabs(props: ITabsProps): JSX.Element {
  const { label, tabs, selected, onSelect, children } = props;
  const prefix = React.useId();
  const list = React.useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = tabs.findIndex(tab => tab.id === selected);
    const goals: Record<string, number> = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1
    };
    const goal = goals[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      onSelect(tabs[goal].id);
      list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[goal].focus();
    }
  };
  return (
    <>
      <div
        ref={list}
        className="jp-DaskTabs"
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        {tabs.map(tab => (
          <button
            key={tab.id}
            type="button"
            id={`${prefix}-${tab.id}`}
            role="tab"
            aria-selected={tab.id === selected}
            aria-controls={`${prefix}-panel`}
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${prefix}-panel`}
        className="jp-DaskTabs-panel"
        role="tabpanel"
        aria-labelledby={`${prefix}-${selected}`}
      >
        {children}
      </div>
    </>
  );
}
