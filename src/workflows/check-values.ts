import { ApplicationFailure, log, type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';
import { ACTIVITIES, type Parsed, parse, QUERIES, type Schema, SIGNALS, UPDATES, WORKFLOWS } from '../core/border/index.js';
import { MALFORMED, NOT_SIGNED, refusalAmong } from '../core/model/refused.js';

/**
 * Parses all that enters a workflow, and refuses what the worker's codec has marked as not signed, or what is malformed, so that it concerns
 * only itself: a workflow with such an input fails, a signal is ignored, an update or a query is rejected, and the answer of an activity or
 * a child is a failure.
 */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: async (input, next) => next(accepted(input, inputOf(WORKFLOWS, workflowInfo().workflowType), 'input')),
      async handleSignal(input, next) {
        const checked = check(input.args, schemaIn(SIGNALS, input.signalName));
        if (checked.kind === 'good') return next({ ...input, args: checked.value });
        log.warn(`The signal ${input.signalName} is ignored: ${checked.why}.`);
      },
      validateUpdate: (input, next) => next(accepted(input, schemaIn(UPDATES, input.name), `update ${input.name}`)),
      handleUpdate: async (input, next) => next(accepted(input, schemaIn(UPDATES, input.name), `update ${input.name}`)),
      handleQuery: async (input, next) => next(accepted(input, inputOf(QUERIES, input.queryName), `query ${input.queryName}`)),
    },
  ],
  outbound: [
    {
      scheduleActivity: async (input, next) => {
        const { output } = schemaIn(ACTIVITIES, input.activityType) ?? {};
        return answered(await next(input), output, `activity ${input.activityType}`);
      },
      async startChildWorkflowExecution(input, next) {
        const [started, result] = await next(input);
        const { output } = schemaIn(WORKFLOWS, input.workflowType) ?? {};
        const checked = result.then((value) => answered(value, output, input.workflowType));
        checked.catch(() => undefined); // Whoever awaits it learns of it.
        return [started, checked];
      },
    },
  ],
});

/** Tables of different arguments: what is parsed goes where the same table says. */
type Args = Schema<unknown[]>;

/** The entry of a name; undefined for what is not ours, such as the SDK's own queries. */
function schemaIn<Entry>(table: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function inputOf(table: Readonly<Record<string, { readonly input: Args }>>, name: string): Args | undefined {
  return schemaIn(table, name)?.input;
}

type Checked<T> = Parsed<T> | { readonly kind: 'notSigned'; readonly why: string };

function check<T>(value: T, schema: Schema<T> | undefined): Checked<T> {
  const why = refusalAmong(Array.isArray(value) ? value : [value]);
  if (why !== null) return { kind: 'notSigned', why };
  return schema === undefined ? { kind: 'good', value } : parse(schema, value);
}

function accepted<T extends { readonly args: unknown[] }>(input: T, schema: Args | undefined, what: string): T {
  return { ...input, args: taken(check(input.args, schema), `The ${what}`) };
}

function answered(value: unknown, schema: Schema<unknown> | undefined, what: string): unknown {
  return taken(check(value, schema), `The answer of ${what}`);
}

function taken<T>(checked: Checked<T>, what: string): T {
  if (checked.kind === 'good') return checked.value;
  const sentence = `${what} is ${checked.kind === 'malformed' ? 'malformed' : 'refused'}: ${checked.why}.`;
  if (checked.kind === 'malformed') log.warn(sentence);
  throw ApplicationFailure.nonRetryable(sentence, checked.kind === 'malformed' ? MALFORMED : NOT_SIGNED);
}
