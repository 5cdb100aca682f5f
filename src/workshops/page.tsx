/** The page of a workshop file, as a participant sees it. */
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Panel } from '@lumino/widgets';
import * as React from 'react';
import { Button } from '../components/button';
import {
  ILanguage,
  LanguageProvider,
  useLanguage
} from '../components/language';
import { plainText } from '../components/plainText';
import type { IWorkshop, IWorkshopMaterial } from './model';
import { readWorkshop } from './model';
import { Run } from './run';
import { TimeLeft, WaitLeft } from './times';
import '../../style/base.css';
import '../../style/workshops.css';

/** Fill the page of a workshop file, and follow the file's changes. */
export async function fillPage(
  widget: IDocumentWidget<Panel>,
  options: Omit<Run.IOptions, 'file'> & {
    teach: (path: string) => Promise<unknown>;
  },
  language: ILanguage
): Promise<void> {
  const { default: validator } = await import('@rjsf/validator-ajv8');
  const { context } = widget;
  await context.ready;
  if (widget.isDisposed) {
    return;
  }
  const run = new Run({ ...options, file: () => context.path });
  let shown: string | undefined;
  const read = (): void => {
    const text = context.model.toString();
    if (text !== shown) {
      shown = text;
      void run.show(readWorkshop(text, validator, language.trans));
    }
  };
  const page = ReactWidget.create(
    <LanguageProvider value={language}>
      <UseSignal signal={run.changed}>
        {() => (
          <WorkshopPage
            run={run}
            openTemplate={options.openTemplate}
            teach={() => options.teach(context.path)}
          />
        )}
      </UseSignal>
    </LanguageProvider>
  );
  page.addClass('jp-Workshop');
  widget.content.addWidget(page);
  context.model.contentChanged.connect(read, run);
  widget.disposed.connect(() => run.dispose(), run);
  read();
}

export interface IWorkshopPageProps {
  run: Run;
  openTemplate: (id: string) => Promise<unknown>;
  /** Open the trainer's page of the same file. */
  teach: () => Promise<unknown>;
}

/** All of the page. */
export function WorkshopPage(props: IWorkshopPageProps): JSX.Element | null {
  const { run } = props;
  const { trans } = useLanguage();
  const [said, setSaid] = React.useState({ text: '', failed: false });
  const { reading } = run;
  const act = (verb: () => Promise<string | void>): void => {
    setSaid({ text: '', failed: false });
    verb().then(
      text => setSaid({ text: text ?? '', failed: false }),
      (error: Error) =>
        setSaid({
          text: trans.__(
            'That did not work: %1 Nothing of yours is lost; try again, or ask for help.',
            plainText(error.message, 300)
          ),
          failed: true
        })
    );
  };
  if (!reading) {
    return null;
  }
  if (!reading.workshop) {
    return (
      <div className="jp-Workshop-page" role="alert">
        <h1>{trans.__('This workshop cannot be opened')}</h1>
        <ul>
          {reading.problems.map(problem => (
            <li key={problem}>{plainText(problem, 300)}</li>
          ))}
        </ul>
        <p>{trans.__('Nothing was started. Ask who gave you the file.')}</p>
      </div>
    );
  }
  const { workshop } = reading;
  return (
    <div className="jp-Workshop-page">
      <h1>{plainText(workshop.title, 120)}</h1>
      <TimeLeft workshop={workshop} />
      {(workshop.text ?? '').split(/\n\s*\n/).map((text, index) => (
        <p key={index}>{plainText(text, 8000)}</p>
      ))}
      <Join run={run} act={act} />
      {said.text ? (
        <p role={said.failed ? 'alert' : 'status'}>{said.text}</p>
      ) : null}
      <section aria-label={trans.__('Notebooks and steps')}>
        <h2>{trans.__('Notebooks and steps')}</h2>
        {workshop.materials.map((material, index) => (
          <Material {...props} key={index} material={material} act={act} />
        ))}
      </section>
      <Notes workshop={workshop} />
      <Button
        kind="link"
        onClick={() => act(async () => void (await props.teach()))}
      >
        {trans.__('Teach this class')}
      </Button>
    </div>
  );
}

type Act = (verb: () => Promise<string | void>) => void;

function Join({ run, act }: { run: Run; act: Act }): JSX.Element {
  const { trans } = useLanguage();
  const { plan, joining } = run;
  return (
    <section aria-label={trans.__('What happens when you join')}>
      <h2>{trans.__('What happens when you join')}</h2>
      <ul>
        {plan?.sentences.map(text => (
          <li key={text}>{plainText(text, 300)}</li>
        ))}
      </ul>
      {plan?.problem ? (
        <p role="alert">{plainText(plan.problem, 300)}</p>
      ) : null}
      <div className="jp-Workshop-acts">
        {joining === 'waiting' ? (
          <>
            <WaitLeft due={run.due} />
            <Button onClick={() => run.cancel()}>{trans.__('Cancel')}</Button>
          </>
        ) : (
          <Button
            kind="primary"
            disabled={joining === 'copying' || !!plan?.problem}
            onClick={() => act(() => run.join())}
          >
            {joining === 'joined' ? trans.__('Go on') : trans.__('Join')}
          </Button>
        )}
      </div>
    </section>
  );
}

interface IMaterialProps extends IWorkshopPageProps {
  material: IWorkshopMaterial;
  act: Act;
}

function Material(props: IMaterialProps): JSX.Element {
  const { run, act, material, openTemplate } = props;
  const { trans } = useLanguage();
  const { notebook, template, steps } = material;
  const title = plainText(material.title || notebook || template || '', 120);
  const done = trans.__('done');
  const open = trans.__('not done yet');
  return (
    <div className="jp-Workshop-material">
      <h3>{title}</h3>
      {steps && steps.length > 0 ? (
        <ul className="jp-Workshop-steps">
          {steps.map(step => {
            const isDone = run.done.has(step.id);
            return (
              <li key={step.id} className={isDone ? 'jp-mod-done' : ''}>
                <span aria-hidden="true">{isDone ? '✓' : '○'}</span>{' '}
                {plainText(step.title, 200)}{' '}
                <span className="jp-Workshop-state">
                  ({isDone ? done : open})
                </span>
              </li>
            );
          })}
        </ul>
      ) : null}
      <div className="jp-Workshop-acts">
        {notebook !== undefined && run.joining === 'joined' ? (
          <>
            <Button
              aria-label={trans.__('Open %1', title)}
              onClick={() => act(() => run.open(notebook))}
            >
              {trans.__('Open')}
            </Button>
            <Button
              aria-label={trans.__('Reset %1 to the original', title)}
              onClick={() =>
                act(async () =>
                  trans.__(
                    'It is the original again. Yours is kept as “%1”.',
                    await run.reset(notebook)
                  )
                )
              }
            >
              {trans.__('Reset to the original (yours is kept)')}
            </Button>
          </>
        ) : null}
        {template !== undefined ? (
          <Button
            aria-label={trans.__('Open the template %1', title)}
            onClick={() => act(async () => void (await openTemplate(template)))}
          >
            {trans.__('Open the template')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Notes({ workshop }: { workshop: IWorkshop }): JSX.Element {
  const { trans } = useLanguage();
  return (
    <section aria-label={trans.__('Help and privacy')}>
      <h2>{trans.__('Help and privacy')}</h2>
      <p>
        {workshop.help
          ? trans.__('For help: %1', plainText(workshop.help, 300))
          : trans.__('For help ask your trainer; no channel is named.')}
      </p>
      <p>
        {trans.__(
          'This page sends nothing to your trainer: neither your steps nor your notebooks.'
        )}
      </p>
    </section>
  );
}
