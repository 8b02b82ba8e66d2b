// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { useI18n } from '../text/i18n.ts'
import { fakeApp, show } from '../../tests/fakeApp.ts'
import type { Hazard, HazardReport } from '../generated/kinds.ts'
import { useFieldWords } from '../pages/shared/fieldWords.ts'
import en from '../text/en.ts'
import { reportText, type ReportSpeech, type Told } from './reportText.ts'

const at = (time: string) => Date.parse(`2026-11-22T${time}:00+08:00`)

async function speechIn(language: 'zh-CN' | 'en'): Promise<ReportSpeech> {
  const page = {
    setup: () => {
      const i18n = useI18n()
      const speech = useFieldWords()
      i18n.mergeLocaleMessage('en', en)
      i18n.locale.value = language
      return { speech: () => speech }
    },
    render: () => null,
  }
  const { page: wrapper } = await show(page, {}, fakeApp())
  return (wrapper.vm as unknown as { speech: () => ReportSpeech }).speech()
}

const BRIDGE: Partial<Hazard> = {
  ...{ types: ['masonry_washout', 'collapse'], nature: 'acute', level: 'larger' },
  ...{ object_name: '南河六孔桥', length_m: 12, height_m: 2.5, volume_m3: 36 },
  ...{ threat: ['rail'], first_treatment: ['cordon'] },
}

const told = (more: Partial<Told> = {}): Told => ({
  ...{ kind: 'call_report', org: '南河站', number: '2026-0031', author: '张河' },
  ...{ at: at('06:48'), found: at('06:40'), where: 'Z03 南河中段 K5+860 左岸' },
  ...{ hazard: BRIDGE, isSure: false, report: null, next: at('07:10') },
  ...more,
})

test('by word of mouth: who, where, what, how large, who is in danger, and what comes next', async () => {
  expect(reportText(told(), await speechIn('zh-CN')).split('\n')).toEqual([
    '【口报】南河站 2026-0031',
    '报告人：张河 06:48',
    '地点：Z03 南河中段 K5+860 左岸 南河六孔桥',
    '险情：砌体冲毁、坍塌，06:40 发现',
    '大小：长 12.00 米、高 2.50 米、方量 36.0 立方米',
    '威胁：铁路',
    '级别：较大（待确认）',
    '措施：警戒看守',
    '下次报告：07:10 前',
  ])
})

test('the same in English', async () => {
  expect(reportText(told({ number: null }), await speechIn('en')).split('\n')).toEqual([
    '[By voice] 南河站',
    'From: 张河 06:48',
    'Place: Z03 南河中段 K5+860 左岸 南河六孔桥',
    'Hazard: Masonry washed out, Collapse, found 06:40',
    'Size: Length 12.00 m, Height 2.50 m, Volume 36.0 m³',
    'At risk: Railway',
    'Level: Larger (not confirmed yet)',
    'Done: Cordon and watch',
    'Next report: before 07:10',
  ])
})

test('what nobody wrote is left out, and no figure is made up', async () => {
  const bare = told({ hazard: { types: ['piping'] }, where: '', number: null, next: null })
  expect(reportText(bare, await speechIn('zh-CN')).split('\n')).toEqual([
    '【口报】南河站',
    '报告人：张河 06:48',
    '险情：管涌，06:40 发现',
  ])
})

test('a follow-up says what its author wrote, over what the hazard says', async () => {
  const report: Partial<HazardReport> = {
    ...{ report_kind: 'follow_up', text: '开始抛石', level: 'major', at_risk: '铁路桥' },
    ...{ z_m: 21.52, weather: 'storm', action: '抛石护脚', masses: 12, forecast: '趋于稳定' },
    ...{ next_at: at('11:00') },
  }
  const text = told({
    ...{ kind: 'follow_up', author: '周汛', at: at('09:00'), isSure: true },
    ...{ report, next: at('11:00') },
  })
  expect(reportText(text, await speechIn('zh-CN')).split('\n')).toEqual([
    '【续报】南河站 2026-0031',
    '报告人：周汛 09:00',
    '地点：Z03 南河中段 K5+860 左岸 南河六孔桥',
    '险情：砌体冲毁、坍塌，06:40 发现',
    '情况：开始抛石',
    '大小：长 12.00 米、高 2.50 米、方量 36.0 立方米',
    '威胁：铁路桥',
    '级别：重大（已确认）',
    '水情天气：水位 21.520 米、天气 暴雨',
    '措施：抛石护脚',
    '投入：群众 12 人',
    '趋势：趋于稳定',
    '下次报告：11:00 前',
  ])
})

test('a final report says why, what it cost and what was learnt, and nothing comes after', async () => {
  const report: Partial<HazardReport> = {
    ...{ report_kind: 'final_report', text: '处置完成', cause: '暴雨淘刷', cost_wan: 6.8 },
    lessons: '雨前先看墙脚',
  }
  const lines = reportText(
    told({ kind: 'final_report', report, next: null, hazard: { types: ['scour'], dead: 0 } }),
    await speechIn('zh-CN'),
  ).split('\n')
  expect(lines.slice(3)).toEqual([
    '险情：淘刷，06:40 发现',
    '情况：处置完成',
    '损失：死亡 0 人',
    '原因：暴雨淘刷',
    '费用：6.80 万元',
    '教训：雨前先看墙脚',
  ])
})
