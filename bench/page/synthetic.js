// Clusters that exist only in the page: the sidebar and the worker table show
// them as they show real ones, but no process stands behind them.
(() => {
  const GIB = 2 ** 30;

  /** A cluster of a provider: the IClusterDriver of src/tokens/provider.ts. */
  class Driver {
    constructor(Signal, index, workers) {
      this.changed = new Signal(this);
      this.happened = new Signal(this);
      this.workersChanged = new Signal(this);
      this.isDisposed = false;
      this.capabilities = {
        scale: true,
        adapt: true,
        restart: true,
        rename: true,
        workers: true,
        logs: false,
        stop: true
      };
      this.environment = 'python3';
      this._workers = workers;
      this._detail = 'none';
      this.snapshot = {
        id: `synthetic-${index}`,
        name: `Rainfall ${index}`,
        state: 'running',
        revision: 1,
        since: Date.now(),
        created: Date.now(),
        threads: 2 * workers,
        workers: { ready: workers, wanted: workers },
        memory: { used: GIB, limit: 4 * GIB },
        cpu: 20,
        tasks: { processing: 0, waiting: 0, memory: 0, erred: 0 }
      };
    }

    /** What a message of a real owner does: once a second, to who looks at it. */
    change() {
      if (this._detail === 'none') {
        return;
      }
      const { revision } = this.snapshot;
      this.snapshot = {
        ...this.snapshot,
        revision: revision + 1,
        cpu: (revision * 37) % 200,
        memory: {
          used: GIB * (1 + ((revision * 7) % 20) / 10),
          limit: 4 * GIB
        },
        tasks: {
          processing: revision % 17,
          waiting: revision % 230,
          memory: revision % 40,
          erred: 0
        }
      };
      this.changed.emit(this.snapshot);
    }

    /** A new table of all workers. */
    changeWorkers() {
      const { revision } = this.snapshot;
      const rows = Array.from({ length: this._workers }, (_, index) => ({
        name: `worker-${index}`,
        address: `tls://127.0.0.1:${10000 + index}`,
        status: 'running',
        threads: 2,
        cpu: (index * 13 + revision * 29) % 200,
        memory: GIB * (1 + ((index + revision) % 9) / 10),
        memoryLimit: 4 * GIB,
        processing: (index + revision) % 5,
        stored: (index + revision) % 11,
        pid: 1000 + index,
        lastSeen: Date.now()
      }));
      this.workersChanged.emit(rows);
    }

    /** The answer of a real owner is its whole state, and all rows to who wants them. */
    watch(detail) {
      if (detail === this._detail) {
        return;
      }
      this._detail = detail;
      if (detail !== 'none') {
        setTimeout(() => this.changed.emit({ ...this.snapshot }));
      }
      if (detail === 'workers') {
        setTimeout(() => this.changeWorkers());
      }
    }
    ping() {
      return Promise.resolve(true);
    }
    scale() {
      return Promise.resolve();
    }
    adapt() {
      return Promise.resolve();
    }
    restart() {
      return Promise.resolve();
    }
    rename() {
      return Promise.resolve();
    }
    stop() {
      return Promise.resolve();
    }
    logs() {
      return Promise.resolve([]);
    }
    events() {
      return Promise.resolve([]);
    }
    dispose() {
      this.isDisposed = true;
    }
  }

  let drivers = [];

  /** List so many clusters, of so many workers each. */
  bench.synthesise = async (clusters, workers) => {
    const registry = await bench.service(':IProviderRegistry');
    const manager = await bench.service(':IClusterManager');
    const Signal = manager.changed.constructor;
    drivers = Array.from(
      { length: clusters },
      (_, index) => new Driver(Signal, index, workers)
    );
    registry.add({
      id: 'synthetic',
      label: 'Synthetic',
      caption: 'Clusters without processes',
      rank: 999,
      creates: false,
      form: () => Promise.reject(new Error('It has no form')),
      create: () => Promise.reject(new Error('It makes no clusters')),
      discover: () => Promise.resolve(drivers)
    });
    await manager.refresh();
    await bench.when(() => document.querySelector('.jp-DaskCluster-card'));
    return manager.clusters.length;
  };

  /** Open the worker table of the first cluster. */
  bench.openWorkers = async () => {
    await window.jupyterapp.commands.execute('seasonal-monitor:show-details', {
      cluster: 'synthetic:synthetic-0'
    });
    await bench.when(() => document.querySelector('.jp-DaskDetails'));
    drivers[0].changeWorkers();
    await bench.when(() =>
      document.querySelector('.jp-DaskTable-body [role=row]')
    );
  };

  /** Lay a plain text of so many lines over JupyterLab's main area. */
  bench.openText = lines => {
    const node = document.createElement('pre');
    node.className = 'bench-text';
    node.textContent = Array.from(
      { length: lines },
      (_, index) => `line ${index}`
    ).join('\n');
    Object.assign(node.style, {
      position: 'absolute',
      inset: '0',
      margin: '0',
      overflow: 'auto',
      background: 'var(--jp-layout-color1)',
      zIndex: '1'
    });
    document.querySelector('#jp-main-dock-panel').append(node);
  };

  /**
   * For so many seconds: scroll an element by so many px each frame, and run
   * `update` so many times a second.
   */
  bench.load = async ({ selector, pixels, seconds, update, rate }) => {
    const scroller = selector ? document.querySelector(selector) : null;
    let step = pixels;
    let going = true;
    const frame = () => {
      if (scroller) {
        const { scrollTop, clientHeight, scrollHeight } = scroller;
        const goal = scrollTop + step;
        if (goal < 0 || goal > scrollHeight - clientHeight) {
          step = -step;
        }
        scroller.scrollTop += step;
      }
      if (going) {
        requestAnimationFrame(frame);
      }
    };
    requestAnimationFrame(frame);
    let next = 0;
    const updates = {
      clusters: () => {
        drivers[next % drivers.length].change();
        next += 1;
      },
      workers: () => drivers[0].changeWorkers()
    };
    const timer = update && setInterval(updates[update], 1000 / rate);
    await new Promise(done => setTimeout(done, seconds * 1000));
    clearInterval(timer);
    going = false;
  };
})();
