/**
 * The controller, as text: every Python file of
 * `jupyterlab_seasonal_monitor/controller`, which a test checks.
 */
import init from '../../../jupyterlab_seasonal_monitor/controller/__init__.py';
import awsInit from '../../../jupyterlab_seasonal_monitor/controller/aws/__init__.py';
import awsAccount from '../../../jupyterlab_seasonal_monitor/controller/aws/account.py';
import awsOptions from '../../../jupyterlab_seasonal_monitor/controller/aws/options.py';
import awsPreflight from '../../../jupyterlab_seasonal_monitor/controller/aws/preflight.py';
import awsRegions from '../../../jupyterlab_seasonal_monitor/controller/aws/regions.py';
import awsTags from '../../../jupyterlab_seasonal_monitor/controller/aws/tags.py';
import awsVerbs from '../../../jupyterlab_seasonal_monitor/controller/aws/verbs.py';
import awsWords from '../../../jupyterlab_seasonal_monitor/controller/aws/words.py';
import backEnds from '../../../jupyterlab_seasonal_monitor/controller/back_ends.py';
import batchInit from '../../../jupyterlab_seasonal_monitor/controller/batch/__init__.py';
import batchBase from '../../../jupyterlab_seasonal_monitor/controller/batch/base.py';
import batchMarks from '../../../jupyterlab_seasonal_monitor/controller/batch/marks.py';
import batchOptions from '../../../jupyterlab_seasonal_monitor/controller/batch/options.py';
import batchOthers from '../../../jupyterlab_seasonal_monitor/controller/batch/others.py';
import batchSlurm from '../../../jupyterlab_seasonal_monitor/controller/batch/slurm.py';
import batchSystems from '../../../jupyterlab_seasonal_monitor/controller/batch/systems.py';
import batchVerbs from '../../../jupyterlab_seasonal_monitor/controller/batch/verbs.py';
import bootstrap from '../../../jupyterlab_seasonal_monitor/controller/bootstrap.py';
import causes from '../../../jupyterlab_seasonal_monitor/controller/causes.py';
import cluster from '../../../jupyterlab_seasonal_monitor/controller/cluster.py';
import coiledInit from '../../../jupyterlab_seasonal_monitor/controller/coiled/__init__.py';
import coiledAccount from '../../../jupyterlab_seasonal_monitor/controller/coiled/account.py';
import coiledOptions from '../../../jupyterlab_seasonal_monitor/controller/coiled/options.py';
import coiledVerbs from '../../../jupyterlab_seasonal_monitor/controller/coiled/verbs.py';
import coiledWords from '../../../jupyterlab_seasonal_monitor/controller/coiled/words.py';
import custom from '../../../jupyterlab_seasonal_monitor/controller/custom.py';
import controller from '../../../jupyterlab_seasonal_monitor/controller/controller.py';
import chunks from '../../../jupyterlab_seasonal_monitor/controller/chunks.py';
import deadlines from '../../../jupyterlab_seasonal_monitor/controller/deadlines.py';
import events from '../../../jupyterlab_seasonal_monitor/controller/events.py';
import everywhere from '../../../jupyterlab_seasonal_monitor/controller/everywhere.py';
import failure from '../../../jupyterlab_seasonal_monitor/controller/failure.py';
import forkserver from '../../../jupyterlab_seasonal_monitor/controller/forkserver.py';
import gateway from '../../../jupyterlab_seasonal_monitor/controller/gateway.py';
import host from '../../../jupyterlab_seasonal_monitor/controller/host.py';
import kernel from '../../../jupyterlab_seasonal_monitor/controller/kernel.py';
import kubernetesInit from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/__init__.py';
import kubernetesLeft from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/left.py';
import kubernetesOptions from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/options.py';
import kubernetesPlace from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/place.py';
import kubernetesPods from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/pods.py';
import kubernetesResource from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/resource.py';
import kubernetesVerbs from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/verbs.py';
import kubernetesWords from '../../../jupyterlab_seasonal_monitor/controller/kubernetes/words.py';
import launchersInit from '../../../jupyterlab_seasonal_monitor/controller/launchers/__init__.py';
import launchersAws from '../../../jupyterlab_seasonal_monitor/controller/launchers/aws.py';
import launchersBase from '../../../jupyterlab_seasonal_monitor/controller/launchers/base.py';
import launchersCoiled from '../../../jupyterlab_seasonal_monitor/controller/launchers/coiled.py';
import launchersCustom from '../../../jupyterlab_seasonal_monitor/controller/launchers/custom.py';
import launchersEc2 from '../../../jupyterlab_seasonal_monitor/controller/launchers/ec2.py';
import launchersFargate from '../../../jupyterlab_seasonal_monitor/controller/launchers/fargate.py';
import launchersHosted from '../../../jupyterlab_seasonal_monitor/controller/launchers/hosted.py';
import launchersJobqueue from '../../../jupyterlab_seasonal_monitor/controller/launchers/jobqueue.py';
import launchersKubernetes from '../../../jupyterlab_seasonal_monitor/controller/launchers/kubernetes.py';
import launchersLabextension from '../../../jupyterlab_seasonal_monitor/controller/launchers/labextension.py';
import launchersLocal from '../../../jupyterlab_seasonal_monitor/controller/launchers/local.py';
import launchersPlugin from '../../../jupyterlab_seasonal_monitor/controller/launchers/plugin.py';
import launchersRemote from '../../../jupyterlab_seasonal_monitor/controller/launchers/remote.py';
import launchersRemoteScheduler from '../../../jupyterlab_seasonal_monitor/controller/launchers/remote_scheduler.py';
import launchersScheduler from '../../../jupyterlab_seasonal_monitor/controller/launchers/scheduler.py';
import loopback from '../../../jupyterlab_seasonal_monitor/controller/loopback.py';
import noted from '../../../jupyterlab_seasonal_monitor/controller/noted.py';
import notedVerbs from '../../../jupyterlab_seasonal_monitor/controller/noted_verbs.py';
import options from '../../../jupyterlab_seasonal_monitor/controller/options.py';
import output from '../../../jupyterlab_seasonal_monitor/controller/output.py';
import packages from '../../../jupyterlab_seasonal_monitor/controller/packages.py';
import protocol from '../../../jupyterlab_seasonal_monitor/controller/protocol.py';
import protocolBackEnds from '../../../jupyterlab_seasonal_monitor/controller/protocol_back_ends.py';
import protocolCluster from '../../../jupyterlab_seasonal_monitor/controller/protocol_cluster.py';
import protocolGateway from '../../../jupyterlab_seasonal_monitor/controller/protocol_gateway.py';
import record from '../../../jupyterlab_seasonal_monitor/controller/record.py';
import removal from '../../../jupyterlab_seasonal_monitor/controller/removal.py';
import rpc from '../../../jupyterlab_seasonal_monitor/controller/rpc.py';
import runtime from '../../../jupyterlab_seasonal_monitor/controller/runtime.py';
import security from '../../../jupyterlab_seasonal_monitor/controller/security.py';
import site from '../../../jupyterlab_seasonal_monitor/controller/site.py';
import snapshot from '../../../jupyterlab_seasonal_monitor/controller/snapshot.py';
import speed from '../../../jupyterlab_seasonal_monitor/controller/speed.py';
import unfinished from '../../../jupyterlab_seasonal_monitor/controller/unfinished.py';
import usage from '../../../jupyterlab_seasonal_monitor/controller/usage.py';
import validate from '../../../jupyterlab_seasonal_monitor/controller/validate.py';
import warm from '../../../jupyterlab_seasonal_monitor/controller/warm.py';
import watch from '../../../jupyterlab_seasonal_monitor/controller/watch.py';
import watchdog from '../../../jupyterlab_seasonal_monitor/controller/watchdog.py';

/** Stands alone; the rest is imported through it. */
export const BOOTSTRAP: string = bootstrap;

/** Source by module name relative to the controller package. */
export const MODULES: Readonly<Record<string, string>> = {
  __init__: init,
  'aws.__init__': awsInit,
  'aws.account': awsAccount,
  'aws.options': awsOptions,
  'aws.preflight': awsPreflight,
  'aws.regions': awsRegions,
  'aws.tags': awsTags,
  'aws.verbs': awsVerbs,
  'aws.words': awsWords,
  back_ends: backEnds,
  'batch.__init__': batchInit,
  'batch.base': batchBase,
  'batch.marks': batchMarks,
  'batch.options': batchOptions,
  'batch.others': batchOthers,
  'batch.slurm': batchSlurm,
  'batch.systems': batchSystems,
  'batch.verbs': batchVerbs,
  causes,
  cluster,
  'coiled.__init__': coiledInit,
  'coiled.account': coiledAccount,
  'coiled.options': coiledOptions,
  'coiled.verbs': coiledVerbs,
  'coiled.words': coiledWords,
  custom,
  controller,
  chunks,
  deadlines,
  events,
  everywhere,
  failure,
  forkserver,
  gateway,
  host,
  kernel,
  'kubernetes.__init__': kubernetesInit,
  'kubernetes.left': kubernetesLeft,
  'kubernetes.options': kubernetesOptions,
  'kubernetes.place': kubernetesPlace,
  'kubernetes.pods': kubernetesPods,
  'kubernetes.resource': kubernetesResource,
  'kubernetes.verbs': kubernetesVerbs,
  'kubernetes.words': kubernetesWords,
  'launchers.__init__': launchersInit,
  'launchers.aws': launchersAws,
  'launchers.base': launchersBase,
  'launchers.coiled': launchersCoiled,
  'launchers.custom': launchersCustom,
  'launchers.ec2': launchersEc2,
  'launchers.fargate': launchersFargate,
  'launchers.hosted': launchersHosted,
  'launchers.jobqueue': launchersJobqueue,
  'launchers.kubernetes': launchersKubernetes,
  'launchers.labextension': launchersLabextension,
  'launchers.local': launchersLocal,
  'launchers.plugin': launchersPlugin,
  'launchers.remote': launchersRemote,
  'launchers.remote_scheduler': launchersRemoteScheduler,
  'launchers.scheduler': launchersScheduler,
  loopback,
  noted,
  noted_verbs: notedVerbs,
  options,
  output,
  packages,
  protocol,
  protocol_back_ends: protocolBackEnds,
  protocol_cluster: protocolCluster,
  protocol_gateway: protocolGateway,
  record,
  removal,
  rpc,
  runtime,
  security,
  site,
  snapshot,
  speed,
  unfinished,
  usage,
  validate,
  warm,
  watch,
  watchdog
};
