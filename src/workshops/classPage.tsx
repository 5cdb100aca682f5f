/** The page of a workshop file, as its trainer sees it. */
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Panel } from '@lumino/widgets';
import * as React from 'react';
import { formatTime } from '../cluster/units';
import { Button } from '../components/button';
import { download } from '../components/download';
import type { ILanguage } from '../components/language';
import { LanguageProvider, useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { useNow } from '../components/signals';
import type { IClusterManager, ICosts, IProfiles } from '../tokens';
import { Act, Announce, failure, Servers } from './classActs';
import { ClassRoom } from './classRoom';
import { AfterClass, Levels, WarmUpForm } from './classParts';
import { ClassTable } from './classTable';
import { FreshCluster, TimeAndSize } from './classOrders';
import { findWays, IWaysOptions } from './levels';
import type { IWorkshop, WorkshopReading } from './model';
import { readWorkshop } from './model';
import {
  classCsv,
  Filter,
  IJudge,
  passes,
  usualVersions
} from './participants';
import { Orders } from './orders';
import { ruled } from './rules';
import { ScreenActs } from './screenActs';
import type { IScreenAct } from './screenActs';
import { TimeLeft } from './times';
import { WarmUp } from './warmUp';
import '../../style/base.css';
import '../../style/workshops.css';
import '../../style/class.css';

/** What the page needs besides the workshop's file. */
export interface IClassOptions extends Omit<
  IWaysOptions,
  'folder' | 'service'
> {
  /** A way to the hub's service; null where the page can reach none. */
  service: () => IWaysOptions['service'];
  manager: IClusterManager;
  profiles: IProfiles | null;
  costs: ICosts | null;
  /** Where the page remembers what was set for a class. */
  state: IStateDB | null;
  /** What makes the screen good to teach with. */
  screen: () => IScreenAct[];
}

/** Fill the trainer's page of a workshop file. */
export async function fillClass(
  widget: IDocumentWidget<Panel>,
  options: IClassOptions,
  language: ILanguage
): Promise<void> {
  const { default: validator } = await import('@rjsf/validator-ajv8');
  const { context } = widget;
  await context.ready;
  if (widget.isDisposed) {
    return;
  }
  const read = (): WorkshopReading =>
    readWorkshop(context.model.toString(), validator, language.trans);
  widget.content.addWidget(
    new ClassPanel(options, language, read, context.model.contentChanged)
  );
}

/** The page; it asks only while it is shown. */
export class ClassPanel extends ReactWidget {
  constructor(
    private _options: IClassOptions,
    private _language: ILanguage,
    read: () => WorkshopReading,
    fileChanged: IDocumentWidget['context']['model']['contentChanged']
  ) {
    super();
    this.addClass('jp-Workshop');
    this._reading = read();
    fileChanged.connect(() => {
      this._reading = read();
      this.update();
    }, this);
    const { manager, costs, trans } = _options;
    this.room = new ClassRoom({
      find: () =>
        findWays({
          ..._options,
          service: _options.service(),
          folder: this._reading.workshop?.shared
        }),
      orders: new Orders({
        workshop: () => this._reading.workshop?.id ?? '',
        state: _options.state
      }),
      trans
    });
    this.warmUp = new WarmUp({ manager, costs, trans });
  }

  readonly room: ClassRoom;
  readonly warmUp: WarmUp;

  override dispose(): void {
    if (!this.isDisposed) {
      this.room.dispose();
      this.warmUp.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.room.isShown = true;
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.room.isShown = this.isVisible;
  }

  protected override onBeforeHide(msg: Message): void {
    this.room.isShown = false;
    super.onBeforeHide(msg);
  }

  protected render(): JSX.Element {
    const { workshop, problems } = this._reading;
    return (
      <LanguageProvider value={this._language}>
        {workshop ? (
          <UseSignal signal={this.room.changed}>
            {() => (
              <UseSignal signal={this.warmUp.changed}>
                {() => (
                  <ClassPage
                    room={this.room}
                    warmUp={this.warmUp}
                    workshop={workshop}
                    profiles={this._options.profiles}
                    screen={this._options.screen}
                  />
                )}
              </UseSignal>
            )}
          </UseSignal>
        ) : (
          <ul role="alert">
            {problems.map(problem => (
              <li key={problem}>{plainText(problem, 300)}</li>
            ))}
          </ul>
        )}
      </LanguageProvider>
    );
  }

  private _reading: WorkshopReading;
}

export interface IClassPageProps {
  room: ClassRoom;
  warmUp: WarmUp;
  workshop: IWorkshop;
  profiles: IProfiles | null;
  screen: () => IScreenAct[];
}

/** All of the page. */
export function ClassPage(props: IClassPageProps): JSX.Element {
  const { room, warmUp, workshop, profiles } = props;
  const { trans, locale } = useLanguage();
  const [filter, setFilter] = React.useState<Filter>('all');
  const [search, setSearch] = React.useState('');
  const [minutes, setMinutes] = React.useState(5);
  const [said, setSaid] = React.useState({ text: '', failed: false });
  const now = useNow(10_000, true);
  const act: Act = verb => {
    setSaid({ text: '', failed: false });
    verb().then(
      text => setSaid({ text, failed: false }),
      reason => setSaid({ text: failure(reason, trans), failed: true })
    );
  };
  const judge: IJudge = { minutes, now, usual: usualVersions(room.rows) };
  const rows = room.rows.filter(row => passes(row, filter, search, judge));
  const count = (of: Filter): number =>
    room.rows.filter(row => passes(row, of, '', judge)).length;
  const filters: Array<[Filter, string]> = [
    ['all', trans.__('All (%1)', count('all'))],
    ['help', trans.__('Want help (%1)', count('help'))],
    ['stuck', trans.__('Stuck (%1)', count('stuck'))],
    ['away', trans.__('Server not running (%1)', count('away'))],
    ['different', trans.__('Other versions (%1)', count('different'))]
  ];
  const title = plainText(workshop.title, 120);
  const parts = { room, title, act };
  const helped = room.rows.filter(({ status }) => status?.help);
  return (
    <div className="jp-ClassPage">
      <h1>{trans.__('Class: %1', title)}</h1>
      <TimeLeft workshop={ruled(workshop, room.rules.all)} />
      <ScreenActs acts={props.screen} />
      {room.problem ? (
        <p role="alert">
          {plainText(failure(room.problem, trans), 400)}{' '}
          {room.seen > 0
            ? trans.__(
                'The table is of %1; the page goes on asking.',
                formatTime(room.seen, locale)
              )
            : trans.__('The page goes on asking.')}
        </p>
      ) : null}
      <div role="status" className="jp-ClassPage-help">
        {helped.length > 0
          ? trans._n(
              '%1 person wants help: %2',
              '%1 people want help: %2',
              helped.length,
              plainText(helped.map(({ name }) => name).join(', '), 300)
            )
          : ''}
      </div>
      <ul className="jp-ClassPage-notes">
        {helped
          .filter(({ status }) => status?.note)
          .map(({ name, status }) => (
            <li key={name}>
              {trans.__(
                '%1: %2',
                plainText(name),
                plainText(status?.note ?? '', 500)
              )}
            </li>
          ))}
      </ul>
      <div className="jp-Workshop-acts">
        <label>
          {trans.__('Show')}{' '}
          <select
            value={filter}
            onChange={event => setFilter(event.target.value as Filter)}
          >
            {filters.map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          {trans.__('Name')}{' '}
          <input
            type="search"
            value={search}
            onChange={event => setSearch(event.target.value)}
          />
        </label>
        <label>
          {trans.__('Stuck after minutes')}{' '}
          <input
            type="number"
            min={1}
            max={600}
            value={minutes}
            onChange={event =>
              setMinutes(Math.max(1, Number(event.target.value) || 1))
            }
          />
        </label>
        <Button onClick={() => act(async () => (await room.retry(), ''))}>
          {trans.__('Refresh')}
        </Button>
        <Button
          disabled={rows.length === 0}
          onClick={() =>
            download(`${workshop.id}-class.csv`, classCsv(rows, judge))
          }
        >
          {trans.__('Export CSV')}
        </Button>
      </div>
      {room.rows.length > 0 ? (
        <ClassTable
          rows={rows}
          selected={room.selected}
          judge={judge}
          onSelect={names => (room.selected = names)}
        />
      ) : room.levels.length > 0 ? (
        <p>
          {room.levels.some(({ used }) => used)
            ? trans.__('Nobody is in the class yet.')
            : trans.__(
                'Nothing on this server tells who is in the class. Participants can use the workshop all the same; what is missing for a table stands below.'
              )}
        </p>
      ) : (
        <p>{trans.__('Looking for the class…')}</p>
      )}
      {said.text ? (
        <p role={said.failed ? 'alert' : 'status'}>{said.text}</p>
      ) : null}
      <div className="jp-Workshop-acts">
        <Servers {...parts} />
        <FreshCluster {...parts} workshop={workshop} />
      </div>
      <Announce {...parts} />
      <TimeAndSize {...parts} workshop={workshop} />
      <WarmUpForm
        warmUp={warmUp}
        workshop={workshop}
        profiles={profiles}
        people={room.rows.length || (workshop.participants ?? 0)}
      />
      <AfterClass room={room} warmUp={warmUp} />
      <Levels levels={room.levels} />
    </div>
  );
}
