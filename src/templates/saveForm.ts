/**
 * The form by which a notebook becomes a template: what it is called, and which
 * of its lines a person is asked for.
 */
import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { idOfTitle } from './derive';
import type { IDerivedParameter, IDescription } from './derive';
import { tasks } from '../tasks';
import '../../style/base.css';
import '../../style/form.css';

/** What a person chose. */
export interface ISaveChoice {
  description: IDescription;
  /** The names of the parameters that the form of the template asks for. */
  parameters: string[];
  /** Where the file goes. */
  folder: string;
}

/** Asks for a template's description and parameters. */
export class SaveForm
  extends Widget
  implements Dialog.IBodyWidget<ISaveChoice>
{
  constructor(options: SaveForm.IOptions) {
    super();
    this.addClass('jp-DaskForm');
    this._options = options;
    const { trans, initial, folders, problem } = options;
    const { description } = initial;
    if (problem) {
      const note = this.node.appendChild(document.createElement('p'));
      note.className = 'jp-DaskForm-note';
      note.setAttribute('role', 'alert');
      note.textContent = problem;
    }
    const add = <T extends Private.Control>(
      tag: Private.Tag,
      label: string,
      value: string,
      help = ''
    ) => Private.field<T>(this.node, tag, label, value, help);
    this._title = add('input', trans.__('Title'), description.title);
    this._title.control.maxLength = 100;
    this._description = add(
      'textarea',
      trans.__('Description'),
      description.description,
      trans.__('What it computes, from what, and what it writes')
    );
    this._task = add('select', trans.__('Task'), '');
    for (const [id, label] of tasks(trans)) {
      this._task.control.add(
        new Option(label, id, false, id === description.task)
      );
    }
    this._tags = add(
      'input',
      trans.__('Tags'),
      description.tags.join(', '),
      trans.__('Words to find it by, with commas between them')
    );
    this._requires = add(
      'input',
      trans.__('Packages'),
      description.requires.join(', '),
      trans.__('What its kernel needs, with commas between them')
    );
    this._folder = add('select', trans.__('Folder'), '');
    for (const folder of folders) {
      this._folder.control.add(
        new Option(folder, folder, false, folder === initial.folder)
      );
    }
    this._choices = Private.choices(this.node, options);
  }

  /** Say what is wrong, if anything is. */
  check(): boolean {
    const { trans, taken } = this._options;
    const { title, description } = this.getValue().description;
    const wrong: [Private.IField<Private.Control>, string][] = [];
    if (!title) {
      wrong.push([this._title, trans.__('Give it a title.')]);
    } else if (taken.has(idOfTitle(title))) {
      wrong.push([
        this._title,
        trans.__(
          'There is already a template “%1”. Choose another title, or change that file.',
          idOfTitle(title)
        )
      ]);
    }
    if (!description) {
      wrong.push([
        this._description,
        trans.__('Say in a sentence what it computes.')
      ]);
    }
    for (const field of [this._title, this._description]) {
      const text = wrong.find(([item]) => item === field)?.[1] ?? '';
      Private.show(field, text);
    }
    wrong[0]?.[0].control.focus();
    return wrong.length === 0;
  }

  getValue(): ISaveChoice {
    return {
      description: {
        title: this._title.control.value.trim(),
        description: this._description.control.value.trim(),
        task: this._task.control.value,
        tags: Private.list(this._tags.control.value),
        requires: Private.list(this._requires.control.value)
      },
      parameters: this._choices
        .filter(({ input }) => input.checked)
        .map(({ name }) => name),
      folder: this._folder.control.value
    };
  }

  private readonly _options: SaveForm.IOptions;
  private readonly _title: Private.IField<HTMLInputElement>;
  private readonly _description: Private.IField<HTMLTextAreaElement>;
  private readonly _task: Private.IField<HTMLSelectElement>;
  private readonly _tags: Private.IField<HTMLInputElement>;
  private readonly _requires: Private.IField<HTMLInputElement>;
  private readonly _folder: Private.IField<HTMLSelectElement>;
  private readonly _choices: Private.IChoice[];
}

export namespace SaveForm {
  export interface IOptions {
    /** What the fields start with. */
    initial: ISaveChoice;
    /** The lines that can be parameters. */
    found: readonly IDerivedParameter[];
    /** The folders that templates are read from. */
    folders: readonly string[];
    /** Ids that other templates have. */
    taken: ReadonlySet<string>;
    /** What went wrong with the last try; empty when nothing did. */
    problem: string;
    trans: TranslationBundle;
  }
}

namespace Private {
  export type Control =
    HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

  export type Tag = 'input' | 'select' | 'textarea';

  export interface IField<T extends Control> {
    control: T;
    message: HTMLElement;
    help: string;
  }

  export interface IChoice {
    name: string;
    input: HTMLInputElement;
  }

  let count = 0;

  /** A labelled control with help, which a message takes the place of. */
  export function field<T extends Control>(
    parent: HTMLElement,
    tag: Tag,
    label: string,
    value: string,
    help: string
  ): IField<T> {
    count += 1;
    const id = `jp-SaveTemplate-${count}`;
    const part = parent.appendChild(document.createElement('div'));
    const title = part.appendChild(document.createElement('label'));
    title.htmlFor = id;
    title.textContent = label;
    const control = part.appendChild(document.createElement(tag) as T);
    control.id = id;
    control.className = 'jp-mod-styled';
    control.value = value;
    const message = part.appendChild(document.createElement('div'));
    message.id = `${id}-help`;
    control.setAttribute('aria-describedby', message.id);
    const made = { control, message, help };
    show(made, '');
    control.addEventListener('input', () => show(made, ''));
    return made;
  }

  /** Show what is wrong with a field, or its help again. */
  export function show(
    { control, message, help }: IField<Control>,
    text: string
  ): void {
    control.setAttribute('aria-invalid', String(text !== ''));
    message.textContent = text || help;
    message.hidden = !message.textContent;
    if (text) {
      message.setAttribute('role', 'alert');
    } else {
      message.removeAttribute('role');
    }
  }

  export function list(text: string): string[] {
    return text
      .split(',')
      .map(item => item.trim())
      .filter(Boolean);
  }

  /** A check box for each line that can be a parameter. */
  export function choices(
    parent: HTMLElement,
    { found, initial, trans }: SaveForm.IOptions
  ): IChoice[] {
    const group = parent.appendChild(document.createElement('fieldset'));
    group.appendChild(document.createElement('legend')).textContent =
      trans.__('Its form asks for');
    if (found.length === 0) {
      group.appendChild(document.createElement('p')).textContent = trans.__(
        'Nothing: no cell consists of lines such as year = 2024. Give one cell such lines, or the tag “parameters”.'
      );
    }
    return found.map(({ name, schema }) => {
      const label = group.appendChild(document.createElement('label'));
      label.className = 'jp-DaskForm-check';
      const input = label.appendChild(document.createElement('input'));
      input.type = 'checkbox';
      input.checked = initial.parameters.includes(name);
      const text = label.appendChild(document.createElement('span'));
      text.textContent = trans.__(
        '%1 (now %2)',
        String(schema.title),
        JSON.stringify(schema.default)
      );
      text.title = name;
      return { name, input };
    });
  }
}
