import { InputDialog } from '@jupyterlab/apputils';
import { MAX_NAME } from '../components/editableName';
import type { ILanguage } from '../components/language';

/**
 * Ask for a cluster's name.
 *
 * @returns null when nothing shall change.
 */
export async function askForName(
  { trans }: ILanguage,
  name: string
): Promise<string | null> {
  const { value, button } = await InputDialog.getText({
    title: trans.__('Rename the cluster'),
    label: trans.__('Name'),
    text: name,
    pattern: `.*\\S.{0,${MAX_NAME - 1}}`,
    cancelLabel: trans.__('Cancel'),
    okLabel: trans.__('Rename')
  });
  const wanted = value?.trim().slice(0, MAX_NAME);
  return button.accept && wanted && wanted !== name ? wanted : null;
}
