// One connection that comes back by itself, and transactions that end in an answer: done or an error,
// never a promise that hangs.

import { openDB } from 'idb'
import type { DBSchema, IDBPDatabase, IDBPTransaction, OpenDBCallbacks, StoreNames } from 'idb'
import { isClosed, isQuota, StorageBroken, StorageFull } from './errors.ts'

type Names<S extends DBSchema> = StoreNames<S>[]
export type Tx<S extends DBSchema, M extends IDBTransactionMode> = IDBPTransaction<S, Names<S>, M>

export interface Database<S extends DBSchema> {
  /**
   * `work` awaits nothing but requests of its transaction. It may run twice when the browser closed
   * the connection, so it must give the same result again.
   */
  read<T>(stores: Names<S>, work: (tx: Tx<S, 'readonly'>) => Promise<T>): Promise<T>
  write<T>(
    stores: Names<S>,
    durability: 'strict' | 'relaxed',
    work: (tx: Tx<S, 'readwrite'>) => Promise<T>,
  ): Promise<T>
  close(): void
}

export function database<S extends DBSchema>(
  name: string,
  version: number,
  upgrade: NonNullable<OpenDBCallbacks<S>['upgrade']>,
): Database<S> {
  let connection: Promise<IDBPDatabase<S>> | undefined

  function open(): Promise<IDBPDatabase<S>> {
    if (connection) return connection
    const opening = openDB<S>(name, version, {
      upgrade,
      // Another tab deletes or upgrades: let go at once, so that it need not wait for us.
      blocking: () => forget(opening, true),
      terminated: () => forget(opening, false),
    })
    connection = opening
    opening.catch(() => forget(opening, false))
    return opening
  }

  function forget(which: Promise<IDBPDatabase<S>>, close: boolean): void {
    if (connection === which) connection = undefined
    if (close) which.then((db) => db.close()).catch(() => undefined)
  }

  async function transact<T, M extends 'readonly' | 'readwrite'>(
    stores: Names<S>,
    mode: M,
    options: IDBTransactionOptions,
    work: (tx: Tx<S, M>) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const opening = open()
      try {
        const db = await opening
        return await inOne(db.transaction(stores, mode, options) as Tx<S, M>, work)
      } catch (error) {
        if (isQuota(error)) throw new StorageFull('no room', { cause: error })
        if (!isClosed(error)) throw error
        if (attempt >= 3) throw new StorageBroken(name, { cause: error })
        forget(opening, true)
      }
    }
  }

  return {
    read: (stores, work) => transact(stores, 'readonly', {}, work),
    write: (stores, durability, work) => transact(stores, 'readwrite', { durability }, work),
    close: () => {
      if (connection) forget(connection, true)
    },
  }
}

async function inOne<S extends DBSchema, M extends IDBTransactionMode, T>(
  tx: Tx<S, M>,
  work: (tx: Tx<S, M>) => Promise<T>,
): Promise<T> {
  // An abort is heard even while `work` waits for a request that will never answer.
  const aborted = tx.done.then(() => new Promise<never>(() => undefined))
  aborted.catch(() => undefined)
  try {
    const result = await Promise.race([work(tx), aborted])
    await tx.done
    return result
  } catch (error) {
    try {
      tx.abort()
    } catch {
      // It was over already.
    }
    // A full disk shows in the transaction's own error; the request only says that it was aborted.
    throw tx.error ?? error
  }
}
