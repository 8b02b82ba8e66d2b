import {
  IconAxe,
  IconBinoculars,
  IconClipboardCheck,
  IconCrane,
  IconEngine,
  IconHammer,
  IconLeaf,
  IconLifebuoy,
  IconPlant2,
  IconShieldBolt,
  IconShovel,
  IconShovelPitchforks,
  IconTrash,
} from '@tabler/icons-vue'
import type { Component } from 'vue'
import type { Work } from '../../generated/kinds.ts'

export const WORK_ICONS: Readonly<Record<Work['work_kind'], Component>> = {
  canal_desilt: IconShovel,
  canal_weed: IconLeaf,
  bank_clean: IconTrash,
  salvage: IconLifebuoy,
  pump_check: IconClipboardCheck,
  line_patrol: IconBinoculars,
  line_guard: IconShieldBolt,
  line_clear: IconAxe,
  pump_overhaul: IconEngine,
  pump_platform_desilt: IconShovelPitchforks,
  emergency_repair: IconHammer,
  heavy_lift: IconCrane,
  tree_planting: IconPlant2,
}
