import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../../core/model/search-attributes.js';

const NAMES = Object.values(SEARCH_ATTRIBUTES);
const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** Does the server know all search attributes of a run? False also where it does not say. */
export async function areRegistered({ operatorService }: Connection, namespace: string): Promise<boolean> {
  const { customAttributes } = await operatorService
    .listSearchAttributes({ namespace })
    .catch(() => ({ customAttributes: undefined }));
  return NAMES.every((name) => customAttributes?.[name] !== undefined);
}

/** Adds the search attributes a run bears. Repeated it changes nothing. False where this is not permitted: runs then go without. */
export async function register(connection: Connection, namespace: string): Promise<boolean> {
  if (await areRegistered(connection, namespace)) return true;
  const searchAttributes = Object.fromEntries(NAMES.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(() => undefined); // Refused, or another was first.
  return areRegistered(connection, namespace);
}
