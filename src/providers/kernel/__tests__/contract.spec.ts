import { spawnSync } from 'child_process';
import * as path from 'path';
import * as ts from 'typescript';
import {
  COMM_TARGET,
  ERROR_CODES,
  EVENTS,
  METHODS,
  PROTOCOL_VERSION
} from '../protocol';

const ROOT = path.resolve(__dirname, '../../../..');

/** What the Python half says of itself. */
const PYTHON = `
import json, typing
from jupyterlab_seasonal_monitor.controller import protocol as p
from jupyterlab_seasonal_monitor.controller import (
    protocol_back_ends, protocol_cluster as c, protocol_gateway)
def name(kind):
    origin = typing.get_origin(kind)
    return f"{name(typing.get_args(kind)[0])}[]" if origin is list else kind.__name__
def members(kind):
    return sorted(typing.get_type_hints(kind))
types = {k: v for m in (p, protocol_back_ends, c, protocol_gateway)
         for k, v in vars(m).items() if typing.is_typeddict(v)}
print(json.dumps({
    "version": p.PROTOCOL_VERSION,
    "target": p.COMM_TARGET,
    "codes": p.ERROR_CODES,
    "requests": {k: [name(a), name(b)] for k, (a, b) in p.REQUESTS.items()},
    "events": {k: name(v) for k, v in p.EVENTS.items()},
    "types": {k: members(v) for k, v in types.items()},
    "states": sorted(typing.get_args(c.ClusterState)),
    "details": sorted(typing.get_args(c.WatchDetail)),
}))
`;

interface IPython {
  version: number;
  target: string;
  codes: Record<string, number>;
  requests: Record<string, [string, string]>;
  events: Record<string, string>;
  types: Record<string, string[]>;
  states: string[];
  details: string[];
}

/** The page's half, as the compiler sees it. */
class Declarations {
  constructor() {
    const file = path.join(ROOT, 'src/providers/kernel/protocol.ts');
    const program = ts.createProgram([file], {
      strict: true,
      skipLibCheck: true,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      target: ts.ScriptTarget.ES2020
    });
    this._checker = program.getTypeChecker();
    for (const source of program.getSourceFiles()) {
      if (
        /src\/(tokens\/\w+|providers\/kernel\/protocol\w*)\.ts$/.test(
          source.fileName
        )
      ) {
        ts.forEachChild(source, node => {
          if (
            ts.isInterfaceDeclaration(node) ||
            ts.isTypeAliasDeclaration(node)
          ) {
            this._nodes.set(node.name.text, node);
          }
        });
      }
    }
  }

  /** The names of an interface's members. */
  members(name: string): string[] {
    return this._properties(this._type(name))
      .map(item => item.name)
      .sort();
  }

  /** The names of the types of an interface's members. */
  types(name: string): Record<string, string> {
    const node = this._nodes.get(name)!;
    return Object.fromEntries(
      this._properties(this._type(name)).map(item => [
        item.name,
        this._checker.typeToString(
          this._checker.getTypeOfSymbolAtLocation(item, node)
        )
      ])
    );
  }

  /** The names of the types of a request's parameters and result. */
  request(method: string): [string, string] {
    const node = this._nodes.get('Requests')!;
    const request = this._properties(this._type('Requests')).find(
      item => item.name === method
    )!;
    const pair = this._checker.getTypeOfSymbolAtLocation(request, node);
    const part = (name: string): string =>
      this._checker.typeToString(
        this._checker.getTypeOfSymbolAtLocation(pair.getProperty(name)!, node)
      );
    return [part('params'), part('result')];
  }

  /** The members of a member that is an object itself. */
  nested(name: string, member: string): string[] {
    const node = this._nodes.get(name)!;
    const symbol = this._type(name).getProperty(member)!;
    const type = this._checker.getNonNullableType(
      this._checker.getTypeOfSymbolAtLocation(symbol, node)
    );
    return this._properties(type)
      .map(item => item.name)
      .sort();
  }

  /** The strings of a union. */
  union(name: string): string[] {
    const type = this._type(name) as ts.UnionType;
    return type.types
      .map(item => String((item as ts.StringLiteralType).value))
      .sort();
  }

  private _type(name: string): ts.Type {
    return this._checker.getTypeAtLocation(this._nodes.get(name)!);
  }

  private _properties(type: ts.Type): ts.Symbol[] {
    return this._checker.getPropertiesOfType(type);
  }

  private _checker: ts.TypeChecker;
  private _nodes = new Map<string, ts.Node>();
}

/** A Python type's name on the page's side. */
const page = (name: string): string =>
  name === 'ControllerInfo' ? 'IControllerInfo' : `I${name}`;

describe('the protocol in both languages', () => {
  let python: IPython;
  let declarations: Declarations;

  beforeAll(() => {
    const { stdout, stderr } = spawnSync('python', ['-c', PYTHON], {
      cwd: ROOT,
      encoding: 'utf-8'
    });
    expect(stderr).toBe('');
    python = JSON.parse(stdout);
    declarations = new Declarations();
  }, 60000);

  it('should have one version, one target and the same error codes', () => {
    expect(PROTOCOL_VERSION).toBe(python.version);
    expect(COMM_TARGET).toBe(python.target);
    expect(ERROR_CODES).toEqual(python.codes);
  });

  it('should have the same methods with the same types', () => {
    expect([...METHODS].sort()).toEqual(Object.keys(python.requests).sort());
    expect(declarations.members('Requests')).toEqual([...METHODS].sort());
    for (const [method, names] of Object.entries(python.requests)) {
      expect([method, ...declarations.request(method)]).toEqual([
        method,
        ...names.map(page)
      ]);
    }
  });

  it('should have the same events with the same types', () => {
    expect([...EVENTS].sort()).toEqual(Object.keys(python.events).sort());
    const types = declarations.types('Events');
    for (const [event, name] of Object.entries(python.events)) {
      expect([event, types[event]]).toEqual([event, page(name)]);
    }
  });

  it('should have the same states and details', () => {
    expect(declarations.union('ClusterState')).toEqual(python.states);
    expect(declarations.union('WatchDetail')).toEqual(python.details);
  });

  it.each([
    'InitializeParams',
    'ControllerInfo',
    'WarmResult',
    'CreateParams',
    'RenameParams',
    'ScaleParams',
    'AdaptParams',
    'WatchParams',
    'LogsParams',
    'Description',
    'KeepParams',
    'EndParams',
    'EndOrder',
    'ErrorData',
    'Progress',
    'Step',
    'Cause',
    'Connection',
    'ClusterSnapshot',
    'Worker',
    'ClusterEvent',
    'LogEntry',
    'GatewayConnectParams',
    'GatewayPlace',
    'GatewayForm',
    'GatewayReport',
    'GatewayName',
    'GatewayGetParams',
    'GatewayCreateParams',
    'GatewayScaleParams',
    'GatewayAdaptParams',
    'GatewayAnswer',
    'GatewaySchedulerParams',
    'GatewayPage',
    'QueueLeftover',
    'KubernetesCluster',
    'KubernetesDescription',
    'KubernetesRemoveParams',
    'CoiledCluster',
    'CoiledDescription',
    'CoiledRemoveParams',
    'CustomLeftover',
    'AwsDescription',
    'AwsParams',
    'AwsLeftover',
    'AwsLeftovers',
    'AwsRemoveParams'
  ])('should have the same members in %s', name => {
    expect(declarations.members(page(name))).toEqual(python.types[name]);
  });

  it.each([
    ['ClusterSnapshot', 'workers', 'WorkerCounts'],
    ['ClusterSnapshot', 'memory', 'Memory'],
    ['ClusterSnapshot', 'tasks', 'Tasks'],
    ['ClusterSnapshot', 'conditions', 'Conditions'],
    ['Description', 'capabilities', 'Capabilities']
  ])('should have the same members in %s.%s', (name, member, type) => {
    expect(declarations.nested(page(name), member)).toEqual(python.types[type]);
  });
});
