// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { fakeApp, show } from '../../tests/fakeApp.ts'
import { useFieldWords } from '../pages/shared/fieldWords.ts'
import en from '../text/en.ts'
import * as format from '../text/format.ts'
import { useI18n } from '../text/i18n.ts'
import { patrolText, type Round, type RoundSpeech } from './patrolText.ts'

const at = (time: string) => Date.parse(`2026-11-22T${time}:00+08:00`)

async function speechIn(language: format.Lang): Promise<RoundSpeech> {
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
  const words = (wrapper.vm as unknown as { speech: () => RoundSpeech }).speech()
  return {
    ...words,
    range: (from, to) => format.timeRange(from, to, language),
    span: (ms) => format.duration(ms, language),
    day: (ms) => format.day(ms, language),
    time: format.time,
  }
}

const WALKED: Round['fields'] = {
  ...{ started: at('06:40'), ended: at('08:16'), distance_m: 4200, covered: 96 },
  ...{ covered_crest: 96, covered_waterside_slope: 94, covered_landside_slope: 0 },
  ...{ signed: 7, points: 8, weather: 'rain', summary: '水退了' },
  checklist: [
    { item: 'toe_sand', answer: 'ok' },
    { item: 'toe_boils', answer: 'abnormal', note: '冒清水' },
  ],
}

const round = (more: Partial<Round> = {}): Round => ({
  ...{ org: '南河站', author: '张河', zone: 'Z03 南河中段', fields: WALKED },
  ...{ abnormal: ['巡查点 5 · 六孔桥 石头松了'], found: ['管涌 · Z03 K5+860 · 2026-0031'] },
  gaps: [{ gap: 'screen_off', from: at('07:02'), to: at('07:09') }],
  state: '单位已收到 08:17',
  ...more,
})

test('who, where, when, how much of the line, which points, what was wrong and what is missing', async () => {
  expect(patrolText(round(), await speechIn('zh-CN')).split('\n')).toEqual([
    '【巡查】南河站 Z03 南河中段',
    '巡查人：张河',
    '时间：11月22日 06:40–08:16（1 小时 36 分）',
    '线路走到：96%',
    '各部位走到：堤顶 96%、迎水坡 94%、背水坡 0%',
    '巡查点签到：7/8',
    '异常的点：巡查点 5 · 六孔桥 石头松了',
    '检查项目：堤脚：泡泉 异常 冒清水',
    '没记到的：07:02–07:09 熄屏 7 分钟',
    '路上报的：管涌 · Z03 K5+860 · 2026-0031',
    '天气：雨',
    '小结：水退了',
    '记录：单位已收到 08:17',
  ])
})

test('the same in English', async () => {
  const text = patrolText(round({ state: 'On this phone' }), await speechIn('en'))
  expect(text.split('\n')).toEqual([
    '[Patrol] 南河站 Z03 南河中段',
    'By: 张河',
    'Time: 22 Nov 06:40–08:16 (1 h 36 min)',
    'Line covered: 96%',
    'Of each strip: Crest 96%, Waterside 94%, Landside 0%',
    'Check-points signed: 7/8',
    'Abnormal points: 巡查点 5 · 六孔桥 石头松了',
    'Checklist: Toe: boils Abnormal 冒清水',
    'Not recorded: 07:02–07:09 screen off 7 min',
    'Reported on the way: 管涌 · Z03 K5+860 · 2026-0031',
    'Weather: Rain',
    'Summary: 水退了',
    'Record: On this phone',
  ])
})

test.each<[string, Partial<Round>, string[]]>([
  [
    'no zone, no track, no points',
    { zone: '', fields: { started: at('06:40'), ended: at('06:55') } },
    [
      '【巡查】南河站',
      '巡查人：张河',
      '时间：11月22日 06:40–06:55（15 分钟）',
      '没记到的：无',
      '路上报的：无',
      '记录：已存本机 · 待上传',
    ],
  ],
  [
    'still under way',
    { fields: { started: at('06:40'), points: 8 } },
    [
      '【巡查】南河站 Z03 南河中段',
      '巡查人：张河',
      '时间：11月22日 06:40 起，还在巡',
      '巡查点签到：0/8',
      '异常的点：无',
      '没记到的：无',
      '路上报的：无',
      '记录：已存本机 · 待上传',
    ],
  ],
  [
    'all in order, on the next day too',
    {
      fields: {
        ...{ started: at('23:40'), ended: at('23:40') + 3_600_000, covered: 0 },
        checklist: [{ item: 'toe_sand', answer: 'ok' }],
      },
    },
    [
      '【巡查】南河站 Z03 南河中段',
      '巡查人：张河',
      '时间：11月22日 23:40–11月23日 00:40（1 小时）',
      '线路走到：0%',
      '检查项目：全部正常',
      '没记到的：无',
      '路上报的：无',
      '记录：已存本机 · 待上传',
    ],
  ],
])('what nobody measured is left out, what is nothing is said: %s', async (_, more, lines) => {
  const bare = { abnormal: [], gaps: [], found: [], state: '已存本机 · 待上传' }
  const text = patrolText(round({ ...bare, ...more }), await speechIn('zh-CN'))
  expect(text.split('\n')).toEqual(lines)
})

test('what is many is counted, and never a kilometre of a person', async () => {
  const found = Array.from({ length: 9 }, (_, n) => `事件 ${n + 1}`)
  const text = patrolText(round({ found }), await speechIn('zh-CN'))
  expect(text).toContain('事件 6等，另有 3 项')
  expect(text).not.toContain('事件 7')
  expect(text).not.toMatch(/千米|公里|4200|4\.2/)
})
