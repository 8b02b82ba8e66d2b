// The people of the desk: records from this browser's own store, phones and sign-ins from the server.

import type { Id } from '@hushui/sync'
import { computed, shallowRef, watch } from 'vue'
import { useApp } from '../../../app.ts'
import { useZones } from '../../shared/zones.ts'
import { apart } from '../alike.ts'
import { useDeskWords } from '../deskWords.ts'
import { useFresh } from '../fresh.ts'
import { codeOf } from '../useQueue.ts'
import type { DeskDevice } from '../wire.ts'
import { useMay } from './rights.ts'
import { roster, type Account } from './roster.ts'

export function usePeople() {
  const app = useApp()
  const { t } = useDeskWords()
  const { turn } = useFresh()
  const may = useMay()
  const zones = useZones()
  const members = app.records.list('member')
  const grants = app.records.list('grant')
  const teams = app.records.list('team', (it) => !it.deleted)
  const branches = app.records.list('branch', (it) => !it.deleted)
  const devices = shallowRef<readonly DeskDevice[]>([])
  const accounts = shallowRef<readonly Account[]>([])
  const failed = shallowRef<string | null>(null)

  async function ask(): Promise<void> {
    try {
      const [phones, logins] = await Promise.all([
        app.api.get<{ devices: readonly DeskDevice[] }>('/api/devices'),
        may.value.accounts
          ? app.api.get<{ accounts: readonly Account[] }>('/api/accounts')
          : { accounts: [] },
      ])
      devices.value = phones.devices
      accounts.value = logins.accounts
      failed.value = null
    } catch (error) {
      failed.value = codeOf(error)
    }
  }
  void ask()
  watch([turn, () => may.value.accounts], () => void ask())

  const people = computed(() =>
    roster({
      members: members.value,
      grants: grants.value.flatMap((it) => app.records.inForce(it) ?? []),
      devices: devices.value,
      accounts: accounts.value,
    }),
  )
  const sortedTeams = computed(() =>
    [...teams.value].sort((a, b) =>
      (a.fields.name ?? '').localeCompare(b.fields.name ?? '', 'zh-CN', { numeric: true }),
    ),
  )
  const teamName = (id: Id | null | undefined): string =>
    (id && teams.value.find((it) => it.id === id)?.fields.name) || ''

  /** What the fields of a form may name, by kind. */
  const options = computed(() => ({
    member: apart(
      people.value
        .filter((it) => !it.hasLeft)
        .map(({ id, name, code, team }) => ({ id, name, code, marks: [code, teamName(team)] })),
    ),
    team: sortedTeams.value.map(({ id, fields }) => ({ id, name: fields.name ?? '' })),
    branch: branches.value.map(({ id, fields }) => ({ id, name: fields.name ?? '' })),
  }))

  const zoneName = (id: Id): string => zones.code(id) ?? t('record.unknownZone')

  return {
    ...{ may, people, teams: sortedTeams, teamName, options },
    ...{ zones: zones.all, zoneName, zoneWords: zones.short, failed, ask },
  }
}

export type People = ReturnType<typeof usePeople>
