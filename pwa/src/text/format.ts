/** Times, places and figures as people write them. Pure; times are shown at +08:00 on any phone. */

export type Lang = 'zh-CN' | 'en'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const CHINA = 8 * HOUR

const WEEKDAYS = {
  'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const

const MONTHS = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const

function inChina(ms: number) {
  const moment = new Date(ms + CHINA)
  return {
    year: moment.getUTCFullYear(),
    month: moment.getUTCMonth() + 1,
    day: moment.getUTCDate(),
    weekday: moment.getUTCDay(),
    hour: moment.getUTCHours(),
    minute: moment.getUTCMinutes(),
    second: moment.getUTCSeconds(),
  }
}

const two = (n: number) => String(n).padStart(2, '0')

/** 14:32 */
export function time(ms: number): string {
  const at = inChina(ms)
  return `${two(at.hour)}:${two(at.minute)}`
}

/** 06:40:33 */
export function timeWithSeconds(ms: number): string {
  return `${time(ms)}:${two(inChina(ms).second)}`
}

/** 11月22日 */
export function day(ms: number, lang: Lang = 'zh-CN'): string {
  const at = inChina(ms)
  return lang === 'en' ? `${at.day} ${MONTHS[at.month - 1]}` : `${at.month}月${at.day}日`
}

/** 11月22日 周日 */
export function date(ms: number, lang: Lang = 'zh-CN'): string {
  return `${day(ms, lang)} ${WEEKDAYS[lang][inChina(ms).weekday]}`
}

/** 11月22日 周日 14:32; with its year where that is not the year of `now` */
export function dateTime(ms: number, lang: Lang = 'zh-CN', now = ms): string {
  return `${dayOf(ms, lang, now)} ${WEEKDAYS[lang][inChina(ms).weekday]} ${time(ms)}`
}

/** 7月8日 06:40, for captions; with its year where that is not the year of `now` */
export function dayTime(ms: number, lang: Lang = 'zh-CN', now = ms): string {
  return `${dayOf(ms, lang, now)} ${time(ms)}`
}

const dayOf = (ms: number, lang: Lang, now: number): string =>
  inChina(ms).year === inChina(now).year ? day(ms, lang) : fullDate(ms, lang)

/** 2022年7月8日, for documents */
export function fullDate(ms: number, lang: Lang = 'zh-CN'): string {
  const { year } = inChina(ms)
  return lang === 'en' ? `${day(ms, lang)} ${year}` : `${year}年${day(ms)}`
}

/** 2022-07-08 06:40:31, for evidence */
export function stamp(ms: number): string {
  const at = inChina(ms)
  return `${at.year}-${two(at.month)}-${two(at.day)} ${timeWithSeconds(ms)}`
}

/** 08:30–17:30; the day is said again when it changes */
export function timeRange(from: number, to: number, lang: Lang = 'zh-CN'): string {
  const end = sameDay(from, to) ? time(to) : dayTime(to, lang)
  return `${time(from)}–${end}`
}

/** Do two moments lie on the same day in China? */
export function sameDay(a: number, b: number): boolean {
  return Math.floor((a + CHINA) / DAY) === Math.floor((b + CHINA) / DAY)
}

const DURATION = {
  'zh-CN': { day: '天', hour: '小时', minute: '分钟', minuteAfterHour: '分', second: '秒' },
  en: { day: 'd', hour: 'h', minute: 'min', minuteAfterHour: 'min', second: 's' },
} as const

/** 45 秒, 7 分钟, 2 小时 36 分, 3 天; rounded down, so that nothing is called overdue too early */
export function duration(ms: number, lang: Lang = 'zh-CN'): string {
  const word = DURATION[lang]
  const span = Math.max(0, ms)
  if (span < MINUTE) return `${Math.floor(span / 1000)} ${word.second}`
  if (span < HOUR) return `${Math.floor(span / MINUTE)} ${word.minute}`
  if (span < DAY) {
    const hours = Math.floor(span / HOUR)
    const minutes = Math.floor((span % HOUR) / MINUTE)
    const whole = `${hours} ${word.hour}`
    return minutes === 0 ? whole : `${whole} ${minutes} ${word.minuteAfterHour}`
  }
  return `${Math.floor(span / DAY)} ${word.day}`
}

/** 00:28:07, hours, minutes and seconds of something still running */
export function runningTime(ms: number): string {
  const span = Math.max(0, ms)
  const [hours, minutes] = [Math.floor(span / HOUR), Math.floor((span % HOUR) / MINUTE)]
  return `${two(hours)}:${two(minutes)}:${two(Math.floor((span % MINUTE) / 1000))}`
}

/** K5+860 from metres along the line */
export function chainage(metres: number): string {
  const whole = Math.round(Math.abs(metres))
  const sign = metres < 0 && whole > 0 ? '-' : ''
  return `${sign}K${Math.floor(whole / 1000)}+${String(whole % 1000).padStart(3, '0')}`
}

/** K1+200–K1+520 */
export function chainageRange(from: number, to: number): string {
  return `${chainage(from)}–${chainage(to)}`
}

/** 120 米, 1.8 千米 */
export function distance(metres: number, lang: Lang = 'zh-CN'): string {
  const [near, far] = lang === 'en' ? ['m', 'km'] : ['米', '千米']
  const whole = Math.round(metres)
  return Math.abs(whole) < 1000 ? `${whole} ${near}` : `${fixed(metres / 1000, 1)} ${far}`
}

/** 1234.50; never -0.0 */
export function fixed(value: number, decimals: number): string {
  // 1.005 is stored as 1.00499…: round the decimal text, not the binary value.
  const rounded = Number(`${Math.round(Number(`${value}e${decimals}`))}e-${decimals}`)
  return (Number.isNaN(rounded) ? value : rounded + 0)
    .toFixed(decimals)
    .replace(/^-(0(\.0+)?)$/, '$1')
}

/** 39%; less than all never reads 100%, more than nothing never 0% */
export function share(part: number): string {
  const percent = Math.round(part * 100)
  if (part < 1 && percent === 100) return '99%'
  if (part > 0 && percent === 0) return '1%'
  return `${percent}%`
}

/** 320 KB, 50 MB, 1.8 GB; powers of 1000, as phones count them */
export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = count
  let step = 0
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000
    step += 1
  }
  const decimals = step > 0 && value < 9.95 ? 1 : 0
  return `${fixed(value, decimals).replace(/\.0$/, '')} ${units[step]}`
}

const BEARINGS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const

/** The key under `stamp.toward` for a direction in degrees from north. */
export function bearing(degrees: number): (typeof BEARINGS)[number] {
  const turn = ((degrees % 360) + 360) % 360
  return BEARINGS[Math.round(turn / 45) % 8] ?? 'n'
}
