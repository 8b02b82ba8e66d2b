import { describe, expect, it } from 'vitest'
import { hiddenOf, missingPhotos, sameAsLast, spoken, stepOf, visible, wrongs } from './engine.ts'
import type { Field } from '../generated/kinds.ts'
import { fieldOf, kindOf } from './field.ts'
import { proposedLevel } from './severity.ts'
import { checkVolume } from './volume.ts'

const names = (kind: 'hazard' | 'work' | 'event', values: Record<string, unknown>) =>
  visible(kind, values).flatMap((section) => section.fields.map((it) => it.name))

/** Judged by where the phone stands: a test of its own. */
const PLACE = ['zone', 'place', 'chainage', 'chainage_to', 'bank']

describe('what a form shows', () => {
  it('shows the measures of the chosen type only', () => {
    expect(names('hazard', { types: ['piping'] })).toContain('diameter_cm')
    expect(names('hazard', { types: ['piping'] })).not.toContain('breach_width_m')
    expect(names('hazard', { types: ['piping', 'breach'] })).toContain('breach_width_m')
  })

  it('shows each work its own amounts', () => {
    expect(names('work', { work_kind: 'salvage' })).toContain('weight_t')
    expect(names('work', { work_kind: 'canal_desilt' })).not.toContain('weight_t')
  })

  it('unfolds a seldom section once something stands in it', () => {
    const folded = (values: Record<string, unknown>) =>
      visible('hazard', values).find((section) => section.id === 'where')?.folded
    expect(folded({ types: ['breach'] })).toBe(true)
    expect(folded({ types: ['breach'], object_name: '六孔桥' })).toBe(false)
  })

  it('leaves out no measure that the kinds describe', () => {
    for (const kind of ['hazard', 'work', 'event'] as const) {
      for (const [name, { group, type, shown }] of Object.entries(kindOf(kind).fields)) {
        if (group !== 'measures' || type === 'time' || fieldOf(kind, name)?.kind === 'boat')
          continue
        const code = shown?.any[0]
        const chosen = shown?.field === 'types' ? [code] : code
        expect(names(kind, { [shown?.field ?? 'none']: chosen })).toContain(name)
      }
    }
  })

  it('keeps the order of the description, and asks nothing the page asks', () => {
    const order = Object.keys(kindOf('hazard').fields)
    const shown = names('hazard', { types: ['piping', 'masonry_washout'] })
    expect(shown).toEqual(order.filter((name) => shown.includes(name)))
    expect(shown).not.toContain('chainage')
    expect(shown).not.toContain('no_photo_reason')
  })

  it('marks what is needed in this case only', () => {
    const required = (values: Record<string, unknown>) =>
      visible('work', values)
        .flatMap((section) => section.fields)
        .filter((it) => it.required)
        .map((it) => it.name)
    expect(required({ work_kind: 'heavy_lift' })).toContain('load_kg')
    expect(required({ work_kind: 'canal_desilt' })).not.toContain('people')
  })
})

describe('what is wrong', () => {
  it('finds nothing in a good record', () => {
    const washout = { types: ['masonry_washout'], nature: 'acute', length_m: 12, chainage: 5860 }
    expect(wrongs('hazard', washout)).toEqual([])
    expect(wrongs('work', { work_kind: 'canal_desilt', volume_m3: 118, people: 5 })).toEqual([])
  })

  it('says which rule of the description is broken', () => {
    const codes = (values: Record<string, unknown>) => wrongs('work', values).map((it) => it.code)
    expect(codes({ work_kind: 'digging', people: 5 })).toEqual(['unknown_choice'])
    expect(codes({ work_kind: 'salvage', people: 0 })).toEqual(['out_of_range'])
    expect(codes({ work_kind: 'salvage', people: 2, boat: 'B'.repeat(21) })).toEqual(['too_long'])
  })

  it('names the missing class of an event', () => {
    expect(wrongs('event', {})).toEqual([{ field: 'class', code: 'required' }])
  })

  it('does not judge what is not shown', () => {
    const salvage = { work_kind: 'salvage', people: 2, length_m: -5 }
    expect(wrongs('work', salvage)).toEqual([])
    expect(hiddenOf('work', salvage)).toEqual(['length_m'])
  })

  it('asks about a volume only while its lengths are shown', () => {
    const canal = { length_m: 320, width_m: 1.2, depth_m: 0.3, volume_m3: 250 }
    const asked = (work_kind: string) =>
      spoken('work', { ...canal, work_kind }, 'ask').map((it) => it.code)
    expect(asked('canal_desilt')).toContain('volume_mismatch')
    expect(asked('salvage')).not.toContain('volume_mismatch')
  })

  it('asks for a photo of before and after, or a reason', () => {
    expect(missingPhotos('work', {}, ['before'])).toEqual(['after'])
    expect(missingPhotos('work', { no_photo_reason: '人在水里' }, [])).toEqual([])
    expect(missingPhotos('event', { handled_on_spot: true }, ['scene'])).toEqual([
      'before',
      'after',
    ])
  })
})

describe('defaults', () => {
  it('steps by what people count in', () => {
    expect(stepOf(fieldOf('work', 'people')!)).toBe(1)
    expect(stepOf(fieldOf('work', 'hours')!)).toBe(0.5)
    expect(stepOf(fieldOf('work', 'volume_m3')!)).toBe(1)
  })

  it('takes people and place from the last time, never its amounts, hours and note', () => {
    const place = { zone: 'Z05', chainage: 1200 }
    const amounts = { length_m: 320, volume_m3: 118, hours: 3.5 }
    const last = { work_kind: 'canal_desilt', ...amounts, people: 5, ...place, note: 'x' }
    expect(sameAsLast('work', last, {})).toEqual({ people: 5, ...place })
    expect(sameAsLast('work', { people: 5, zone: 'Z05' }, {})).toEqual({ people: 5 })
  })

  it.each(fieldOf('work', 'work_kind')!.choices!.map(({ code }) => code))(
    'takes nothing of the moment from the last time: %s',
    (code) => {
      const { fields } = kindOf('work')
      const isOf = ({ shown }: Field) => shown === undefined || shown.any.includes(code)
      const filled = Object.entries(fields).flatMap(([name, it]) =>
        isOf(it) && !PLACE.includes(name) ? [[name, name === 'work_kind' ? code : 1]] : [],
      )
      const same = sameAsLast('work', Object.fromEntries(filled), {})
      const groups = Object.keys(same).map((name) => fields[name]!.group)
      for (const group of ['safety', 'checklist', 'heat', 'measures', 'note']) {
        const usual = code === 'salvage' && group === 'measures' ? ['boat', 'boat_ref'] : []
        const taken = Object.keys(same).filter((name) => fields[name]!.group === group)
        expect(taken).toEqual(usual)
      }
      expect(groups).toEqual(expect.arrayContaining(['crew', 'tools', 'more']))
      expect(Object.keys(same)).toEqual(expect.arrayContaining(['people', 'tools', 'companions']))
      expect(same).not.toHaveProperty('hours')
    },
  )

  it('leaves what is filled in already as it is', () => {
    const last = { people: 5, spoil_place: '堤外', companions: ['a'] }
    expect(sameAsLast('work', last, { people: 2, companions: [] })).toEqual({
      spoil_place: '堤外',
      companions: ['a'],
    })
  })

  it('leaves the place of the last time where the phone knows where it stands', () => {
    const last = { people: 5, zone: 'Z05', chainage: 1200, chainage_to: 1300, bank: 'left' }
    const nows = [{ place: { lon: 124.3, lat: 43.1 } }, { zone: 'Z05', chainage: 0 }]
    for (const now of [...nows, { zone: 'Z03' }]) {
      expect(sameAsLast('work', last, now)).toEqual({ people: 5 })
    }
    const { zone, ...rest } = last
    expect(sameAsLast('work', last, { zone })).toEqual(rest)
  })
})

describe('the volume', () => {
  const canal = { work_kind: 'canal_desilt', length_m: 320, width_m: 1.2, depth_m: 0.3 }

  it('118 agrees with 115.2, 250 is asked about', () => {
    expect(checkVolume('work', { ...canal, volume_m3: 118 })?.isDoubtful).toBe(false)
    expect(checkVolume('work', { ...canal, volume_m3: 250 })?.isDoubtful).toBe(true)
  })

  it('shows the product of the three lengths, each of its own work or hazard', () => {
    const check = checkVolume('work', { ...canal, volume_m3: 118 })
    expect(check?.sides).toEqual([320, 1.2, 0.3])
    expect(check?.apart).toBeCloseTo(0.0243, 4)
    const wall = { types: ['masonry_washout'], length_m: 12, height_m: 2.5, thickness_m: 1.2 }
    expect(checkVolume('hazard', wall)).toMatchObject({ sides: [12, 2.5, 1.2], apart: null })
  })

  it('says nothing while a side is missing', () => {
    expect(checkVolume('work', { ...canal, depth_m: null, volume_m3: 250 })).toBeNull()
  })
})

describe('the proposed level', () => {
  it.each([
    [{ types: ['breach'] }, 'extraordinary'],
    [{ types: ['piping'], water: 'turbid' }, 'major'],
    [{ types: ['piping'], water: 'clear', diameter_cm: 5 }, 'general'],
    [{ types: ['piping'], water: 'clear', diameter_cm: 5.1 }, 'larger'],
    [{ types: ['piping'], water: 'clear' }, null],
    [{ types: ['masonry_washout'], length_m: 12 }, 'larger'],
    [{ types: ['masonry_washout'], length_m: 12, threat: ['rail'] }, 'major'],
    [{ types: ['masonry_washout'], length_m: 4.9 }, 'general'],
    [{ types: ['masonry_washout', 'breach'], length_m: 4.9 }, 'extraordinary'],
    [{ types: ['masonry_washout'] }, null],
  ] as const)('%j → %s', (values, level) => {
    expect(proposedLevel(values)).toBe(level)
  })
})
