/** Let the browser keep a table, as text of comma-separated values, as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(
    new Blob([text], { type: 'text/csv;charset=utf-8' })
  );
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
