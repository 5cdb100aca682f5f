import * as React from 'react';
import { inWords } from '../cluster/errors';
import { CommandIDs } from '../commands';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { SearchList } from '../components/searchList';
import { byTask } from '../tasks';
import type { ITemplate, ITemplates } from '../tokens';
import type { ISidebarServices } from './services';

/** Fewer need no search box. */
const SEARCH_FROM = 5;

export interface ITemplatesSectionProps {
  services: ISidebarServices;
  templates: ITemplates;
}

/** The catalogue of templates; a click opens a template's form. */
export function TemplatesSection(props: ITemplatesSectionProps): JSX.Element {
  const { services, templates } = props;
  const { commands } = services;
  const { trans } = useLanguage();
  const [items, setItems] = React.useState<ITemplate[] | null>(null);
  const [problem, setProblem] = React.useState('');
  const [tries, setTries] = React.useState(0);
  React.useEffect(() => {
    const again = (): void => setTries(count => count + 1);
    templates.changed.connect(again);
    return () => {
      templates.changed.disconnect(again);
    };
  }, [templates]);
  React.useEffect(() => {
    let gone = false;
    setProblem('');
    templates.list().then(
      list => {
        if (!gone) {
          setItems(list);
        }
      },
      reason => {
        if (!gone) {
          setProblem(inWords(reason));
        }
      }
    );
    return () => {
      gone = true;
    };
  }, [templates, tries]);
  if (problem) {
    return (
      <div className="jp-DaskProblem" role="alert">
        <p>
          {trans.__(
            'The templates could not be loaded. %1',
            plainText(problem, 200)
          )}
        </p>
        <Button onClick={() => setTries(tries + 1)}>{trans.__('Retry')}</Button>
      </div>
    );
  }
  if (!items) {
    return (
      <p className="jp-DaskSection-note" role="status">
        {trans.__('Loading the templates…')}
      </p>
    );
  }
  return (
    <>
      <SearchList
        label={trans.__('Templates')}
        searchLabel={
          items.length >= SEARCH_FROM ? trans.__('Search templates') : undefined
        }
        empty={trans.__('No template fits.')}
        items={byTask(items, trans).flatMap(([task, members]) =>
          members.map(item => ({
            id: item.id,
            title: plainText(item.title, 80),
            detail: plainText(item.description, 200),
            tags: item.tags.map(tag => plainText(tag)),
            keywords: item.products,
            group: items.length >= SEARCH_FROM ? task : undefined,
            drag: (event: MouseEvent) => void templates.drag(item.id, event),
            act: () =>
              void commands.execute(CommandIDs.openTemplate, {
                template: item.id
              })
          }))
        )}
      />
      {commands.hasCommand(CommandIDs.joinWorkshop) ? (
        <Button
          kind="link"
          onClick={() => void commands.execute(CommandIDs.joinWorkshop)}
        >
          {trans.__('Join a workshop by its code…')}
        </Button>
      ) : null}
      {commands.hasCommand(CommandIDs.newWorkshop) ? (
        <Button
          kind="link"
          onClick={() => void commands.execute(CommandIDs.newWorkshop)}
        >
          {trans.__('New workshop…')}
        </Button>
      ) : null}
    </>
  );
}
