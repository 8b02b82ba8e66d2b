// What is done about an item of a checklist that is not in order: it is reported at once, as what it
// is where its name says so.

import { computed, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { useApp, type HsRecord } from '../../app.ts'
import type { Row } from '../../forms/round.ts'
import { proposedLevel } from '../../forms/severity.ts'
import type { Hazard } from '../../generated/kinds.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { UNCLEAR, type HazardType } from './hazardTypes.ts'
import { placeNow } from './place.ts'
import type { useSend } from './send.ts'

/** Only where the item names one type of hazard and no other. */
const TYPES: Readonly<Record<string, HazardType>> = {
  ...{ crest_cracks: 'crack', waterside_cracks: 'crack', landside_cracks: 'crack' },
  ...{ waterside_slip: 'slope_failure', landside_slip: 'slope_failure' },
  ...{ crest_sinkholes: 'sinkhole', waterside_wave_cuts: 'wave_cut' },
  ...{ landside_wet: 'seepage', landside_seepage: 'seepage' },
  ...{ toe_boils: 'piping', toe_sand: 'piping' },
  ...{ sluice_gate: 'gate_damage', sluice_hoist: 'hoist_failure' },
  canal_collapse: 'canal_bank_failure',
}

export const typeOfItem = (item: string): HazardType =>
  TYPES[item] ?? (item.startsWith('line_') ? 'power_fault' : UNCLEAR)

export type Told = HsRecord<'hazard'>

export function useItemProof(
  { fail }: Pick<ReturnType<typeof useSend>, 'fail'>,
  /** Since when it is looked at, and where. */
  round: Readonly<Ref<{ readonly since: number; readonly zone: string | null } | null>>,
) {
  const app = useApp()
  const router = useRouter()
  const { t } = useFieldWords()
  const hazards = app.records.list('hazard')

  const own = computed<readonly Told[]>(() => {
    const [it, me] = [round.value, app.session.value]
    if (it === null || me.phase !== 'enrolled') return []
    return hazards.value.filter(
      (one) => !one.deleted && one.author === me.person && one.captured >= it.since,
    )
  })
  /** What was reported of this item meanwhile. */
  const toldOf = (name: string) => own.value.filter(({ fields }) => fields.note?.includes(name))

  /** The draft is on the disk before the camera opens; what was said here stays where it is. */
  async function report({ item, note }: Row, name: string, nature: Hazard['nature']) {
    const types = [typeOfItem(item)]
    const level = proposedLevel({ nature, types })
    const fields = {
      ...{ nature, types, ...(level === null ? {} : { level }) },
      ...placeNow(app.position.value, round.value?.zone ?? null),
      note: [t('proof.found', { item: name }), note].filter(Boolean).join(t('common.colon')),
    }
    try {
      const draft = await app.drafts.open('hazard', { fields, page: { after: 'submit' } })
      await draft.close()
      await router.push({ name: 'camera', params: { draft: draft.data.id } })
    } catch (error) {
      fail(error)
    }
  }

  return { toldOf, report }
}
