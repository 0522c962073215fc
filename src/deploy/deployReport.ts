import { type Block, listBlock, type Report, tableBlock } from '../report/report.ts';
import type { DeployAnswer } from '../report/schema/deploy.ts';
import { asSentence, evidenceBlocks, questionBlock } from '../report/sections.ts';
import type { Table } from '../report/table.ts';
import { exportLines } from './commandText.ts';
import { argumentText, shellWord } from './word.ts';

const ROLES = { only: 'Command', head: 'Command of the first node', worker: 'Command of each other node' } as const;

/** The command word for word: one line of the file a line of the report. */
function commandBlocks({ commands, environment }: DeployAnswer): Block[] {
  return commands.flatMap(({ role, text }): Block[] => [
    { kind: 'code', title: ROLES[role], text: [...exportLines({ environment }), text].join('\n') },
  ]);
}

/** Each flag once, with the nodes that have it where not all do. */
function flagTable({ commands, environment }: DeployAnswer): Table {
  const seen = new Map<string, { readonly why: string; readonly roles: string[] }>();
  for (const { role, arguments: args } of commands)
    for (const argument of args) {
      const text = argumentText(argument);
      const known = seen.get(text);
      if (known) known.roles.push(role);
      else seen.set(text, { why: argument.why, roles: [role] });
    }
  const rows = [...seen].map(([text, { why, roles }]) => ({
    cells: [text, roles.length < commands.length ? `${why} (${roles.join(', ')})` : why],
  }));
  const variables = environment.map(({ name, value, why }) => ({ cells: [`${name}=${value}`, why] }));
  return { columns: [{ title: 'flag', whole: true }, { title: 'why' }], rows: [...variables, ...rows] };
}

/** Rows of CSV: every flag of every node. */
export function deployTable({ commands, environment }: DeployAnswer): Table {
  const columns = ['role', 'kind', 'name', 'value', 'why', 'source'].map((title) => ({ title }));
  const roles = commands.map(({ role }) => role);
  return {
    columns,
    rows: [
      ...roles.flatMap((role) =>
        environment.map(({ name, value, why, source }) => ({ cells: [role, 'variable', name, value, why, source] })),
      ),
      ...commands.flatMap(({ role, arguments: args }) =>
        args.map(({ flag, value, why, source }) => ({
          cells: [role, 'flag', flag, value === null ? '' : typeof value === 'string' ? value : shellWord(value), why, source],
        })),
      ),
    ],
  };
}

function constraintBlocks({ constraints, forced }: DeployAnswer): Block[] {
  const items = constraints.map(
    ({ message, remedy, code }) => `${message} [${code}]${remedy === null ? '' : `; what would help: ${remedy}`}`,
  );
  return listBlock(forced ? 'Forced although' : 'What stands against it', items);
}

function clientTable({ clients }: DeployAnswer): Table {
  return {
    columns: [{ title: 'clients of' }, { title: 'protocol' }, { title: 'base URL', whole: true }, { title: 'model', whole: true }],
    rows: clients.map(({ of, protocol, baseUrl, model }) => ({ cells: [of, protocol, baseUrl, model] })),
  };
}

function placeText({ nodes, gpusPerNode, image, replicas, sizing, written }: DeployAnswer): Block[] {
  if (!written) return [];
  const { memoryGiB, volumeGiB, sharedMemoryGiB, startupSeconds } = sizing;
  const memory = memoryGiB === null ? '' : `memory ${memoryGiB} GiB, `;
  const of = nodes > 1 ? `${nodes} nodes of ${gpusPerNode} GPUs` : `${gpusPerNode} GPUs of one node`;
  const text = `Each of ${replicas} replicas: ${of}, image ${image ?? 'not known'}, ${memory}volume ${volumeGiB} GiB, /dev/shm ${sharedMemoryGiB} GiB, ${startupSeconds} s to start.`;
  return [{ kind: 'text', text: replicas === 1 ? text.replace('Each of 1 replicas', 'One replica') : text }];
}

/** An answer of `deploy` arranged for reading. */
export function deployReport(answer: DeployAnswer): Report {
  const rules = [...new Set(answer.clients.flatMap((client) => client.rules))];
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...constraintBlocks(answer),
      ...listBlock('Notes', answer.notes.map(asSentence)),
      ...commandBlocks(answer),
      ...tableBlock('Why', flagTable(answer)),
      ...listBlock('Left out', answer.leftOut),
      ...placeText(answer),
      ...tableBlock('Clients', clientTable(answer)),
      ...listBlock('What the model asks of clients', rules),
      ...(answer.calibrate.length > 0 ? [{ kind: 'code', title: 'What checks it', text: answer.calibrate.join('\n') } as const] : []),
      ...evidenceBlocks(answer),
    ],
  };
}
