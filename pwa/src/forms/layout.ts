// The order in which a person on a dike fills a form. What a field is stands in the kinds.

import type { KindCode } from '../generated/kinds.ts'

export interface Section {
  /** Key of the text group `form.section`. */
  readonly id: string
  readonly fields: readonly string[]
  readonly folded?: boolean
}

type Values = Readonly<Record<string, unknown>>

export function sections(kind: KindCode, values: Values): readonly Section[] {
  switch (kind) {
    case 'hazard':
      return HAZARD
    case 'work':
      return work(values['work_kind'])
    case 'event':
      return EVENT
    case 'patrol':
      return PATROL
    default:
      return []
  }
}

const HAZARD: readonly Section[] = [
  { id: 'types', fields: ['types', 'nature'] },
  {
    id: 'measures',
    fields: [
      'length_m',
      'height_m',
      'thickness_m',
      'volume_m3',
      'open_through',
      'water',
      'diameter_cm',
      'toe_distance_m',
      'jet_height_m',
      'group_area_m2',
      'breach_width_m',
      'velocity_ms',
      'head_m',
      'flow_m3s',
      'ground',
    ],
  },
  { id: 'level', fields: ['level'] },
  { id: 'threat', fields: ['threat', 'threat_note'] },
  { id: 'treatment', fields: ['first_treatment'] },
  { id: 'where', fields: ['position', 'object_name', 'object_class'], folded: true },
  {
    id: 'losses',
    fields: ['affected', 'injured', 'dead', 'houses', 'crop_mu', 'loss_wan'],
    folded: true,
  },
  { id: 'note', fields: ['note'] },
]

function work(workKind: unknown): readonly Section[] {
  return [
    { id: 'measures', fields: MEASURES[String(workKind)] ?? [] },
    { id: 'crew', fields: ['people', 'hours'] },
    { id: 'tools', fields: ['tools'] },
    { id: 'more', fields: ['spoil_place', 'companions'], folded: true },
    { id: 'note', fields: ['note'] },
  ]
}

const MEASURES: Readonly<Record<string, readonly string[]>> = {
  canal_desilt: ['length_m', 'width_m', 'depth_m', 'volume_m3'],
  salvage: ['weight_t', 'boat', 'boat_trips', 'boat_hours', 'volume_m3', 'area_m2'],
  pump_overhaul: ['units', 'unit_no', 'insulation_mohm', 'temp_c', 'vibration_mms'],
}

const EVENT: readonly Section[] = [
  { id: 'handled', fields: ['handled_on_spot'] },
  { id: 'measures', fields: ['area_m2', 'volume_m3'] },
  { id: 'types', fields: ['class'] },
  { id: 'note', fields: ['note'] },
]

const PATROL: readonly Section[] = [
  { id: 'note', fields: ['weather', 'companions', 'stay_on', 'summary'] },
]
