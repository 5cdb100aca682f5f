// The package names its entries by `exports` only, which this project's module
// resolution does not read; bundlers and jest do.
declare module 'vscode-jsonrpc/browser' {
  export * from 'vscode-jsonrpc/lib/browser/main';
}
