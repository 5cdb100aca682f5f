import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** Run a command by a click in rendered Markdown, as a link of a document does. */
export function clickLink(
  commands: CommandRegistry,
  id: string,
  args: ReadonlyPartialJSONObject
): void {
  const link = document.createElement('a');
  const content = document.createElement('div');
  content.className = 'jp-RenderedHTMLCommon';
  content.append(link);
  document.body.append(content);
  link.addEventListener('click', () => {
    void commands.execute(id, args);
  });
  link.click();
}
