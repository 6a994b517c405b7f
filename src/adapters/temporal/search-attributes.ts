import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../../core/model/search-attributes.js';

const NAMES = Object.values(SEARCH_ATTRIBUTES);
const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** Whether the server has all search attributes of a run. Also false if it does not say. */
export async function areRegistered({ operatorService }: Connection, namespace: string): Promise<boolean> {
  const { customAttributes } = await operatorService
    .listSearchAttributes({ namespace })
    .catch(() => ({ customAttributes: undefined }));
  return NAMES.every((name) => customAttributes?.[name] !== undefined);
}

/** Registers the search attributes of a run; idempotent. Returns false if that is not permitted: runs then go without them. */
export async function register(connection: Connection, namespace: string): Promise<boolean> {
  if (await areRegistered(connection, namespace)) return true;
  const searchAttributes = Object.fromEntries(NAMES.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
  // An error means that it was refused, or that another process was faster.
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(() => undefined);
  return areRegistered(connection, namespace);
}
