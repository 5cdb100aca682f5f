/** A cell as files hold it. */
export function cell(
  kind: 'code' | 'markdown',
  id: string,
  source: string
): object {
  return {
    cell_type: kind,
    id,
    metadata: {},
    source,
    ...(kind === 'code' ? { outputs: [], execution_count: null } : {})
  };
}

/** A notebook for the kernel that all servers have, as files hold it. */
export function notebookFile(cells: object[]): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3',
        language: 'python'
      }
    },
    cells
  };
}
