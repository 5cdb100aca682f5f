import { JupyterServer } from '@jupyterlab/testing';

/**
 * Start a real Jupyter server on a port of its own.
 *
 * The system chooses the port: on the default one, two servers that start at
 * the same moment print the same address, and a test asks the other's server.
 */
export async function startJupyter(
  configuration: Record<string, Record<string, unknown>> = {},
  kernels: Record<string, unknown> = {}
): Promise<JupyterServer> {
  const server = new JupyterServer();
  await server.start({
    configData: {
      ...configuration,
      // Lines on each message of a kernel hide what a test says.
      LabApp: { log_level: 'INFO', ...configuration.LabApp },
      ServerApp: {
        allow_root: true,
        port: 0,
        log_level: 'INFO',
        ...configuration.ServerApp
      }
    },
    additionalKernelSpecs: kernels as never
  });
  return server;
}
