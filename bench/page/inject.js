// The parts of a measure that run inside JupyterLab's page: times are taken here,
// from the event that a person's click makes to the change of the document.
(() => {
  const CARDS = {
    ours: {
      card: '.jp-DaskCluster-card',
      part: '.jp-DaskCluster-workers',
      text: '2 / 2 workers'
    },
    peer: {
      card: '.dask-ClusterListingItem',
      part: '.dask-ClusterListingItem-stats',
      text: 'Number of Workers: 2'
    }
  };

  /** Resolve when the document is such that `test` gives something. */
  function when(test) {
    return new Promise(resolve => {
      const observer = new MutationObserver(look);
      function look() {
        const found = test();
        if (found) {
          observer.disconnect();
          resolve(found);
        }
      }
      observer.observe(document.documentElement, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true
      });
      look();
    });
  }

  const cards = subject => [...document.querySelectorAll(CARDS[subject].card)];

  /** Whether a card says that its cluster has two workers, both of them there. */
  function isReady(subject, card) {
    const { part, text } = CARDS[subject];
    return [...card.querySelectorAll(part)].some(
      node => node.textContent.trim() === text
    );
  }

  const anyReady = (subject, list = cards(subject)) =>
    list.some(card => isReady(subject, card));

  /** A service of JupyterLab by the end of its token's name. */
  async function service(name) {
    const registry = window.jupyterapp.pluginRegistry;
    for (const token of registry._services.keys()) {
      if (token.name.endsWith(name)) {
        return registry.resolveRequiredService(token);
      }
    }
    throw new Error(`There is no service ${name}`);
  }

  window.bench = {
    service,
    when,

    /**
     * Get ready for the next press of the mouse: `measured` then gives the
     * milliseconds from it to a card that shows two workers, and to the first
     * sign of a new card.
     */
    arm(subject) {
      const before = new Set(cards(subject));
      bench.measured = new Promise(resolve => {
        document.addEventListener(
          'pointerdown',
          event => {
            const fresh = () =>
              cards(subject).filter(card => !before.has(card));
            const since = () => performance.now() - event.timeStamp;
            const shown = when(() => fresh().length > 0).then(since);
            const ready = when(() => anyReady(subject, fresh())).then(since);
            Promise.all([shown, ready]).then(([first, all]) =>
              resolve({ shown: first, ready: all })
            );
          },
          { capture: true, once: true }
        );
      });
    },

    /** Resolve with the text of the first card that shows two workers. */
    running: subject => when(() => anyReady(subject)),

    /** `changed` gives the time, ms since the epoch, at which two are shown no more. */
    watchCount(subject) {
      bench.changed = when(() => !anyReady(subject)).then(() => Date.now());
    },

    /** `bench.changed`, or null when it took longer than so many ms. */
    changedWithin: timeout =>
      Promise.race([
        bench.changed,
        new Promise(resolve => setTimeout(() => resolve(null), timeout))
      ]),

    /** Resolve when no card is shown. */
    none: subject => when(() => cards(subject).length === 0),

    /** Resolve when this project's stand-by has imported all and forked once. */
    async warm() {
      const registry = await service(':IProviderRegistry');
      const core = await registry.get('local')._core();
      await when(() => core._standBys._waiting.size > 0);
      const [session] = await Promise.all(core._standBys._waiting.values());
      await session.initialize();
      await session.call('warm', {});
    },

    /** Stop this project's clusters without dialogs. */
    async stopAll() {
      const manager = await service(':IClusterManager');
      await Promise.all(manager.clusters.map(({ key }) => manager.stop(key)));
    },

    /** Open a plot of this project's first cluster. */
    async openPlot(plot) {
      const manager = await service(':IClusterManager');
      await window.jupyterapp.commands.execute('seasonal-monitor:open-plot', {
        cluster: manager.clusters[0].key,
        plot
      });
    }
  };
})();
