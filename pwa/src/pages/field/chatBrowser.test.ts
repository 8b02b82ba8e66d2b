import { describe, expect, it } from 'vitest'
import { chatApp } from './chatBrowser.ts'

const ANDROID = 'Mozilla/5.0 (Linux; Android 10; V1986A) AppleWebKit/537.36 (KHTML, like Gecko)'
const APPLE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15'

describe('a browser inside a chat', () => {
  it.each([
    [`${ANDROID} Chrome/107.0 MMWEBID/1 MicroMessenger/8.0.44 WeChat/arm64`, 'wechat'],
    [`${APPLE} Mobile/15E148 MicroMessenger/8.0.42(0x18002a2a) NetType/4G`, 'wechat'],
    [`${ANDROID} Chrome/107.0 wxwork/4.1.10 MicroMessenger/7.0.1`, 'wecom'],
    [`${ANDROID} Chrome/100 AliApp(DingTalk/7.0.30)`, 'dingtalk'],
    [`${APPLE} Mobile/15E148 Lark/7.5.0`, 'feishu'],
    [`${APPLE} Mobile/15E148 QQ/8.9.28`, 'qq'],
  ])('is known by what it calls itself: %s', (agent, app) => {
    expect(chatApp(agent)).toBe(app)
  })

  it.each([
    `${ANDROID} Chrome/107.0 Mobile Safari/537.36`,
    `${ANDROID} MQQBrowser/13.6 Mobile Safari/537.36`,
    `${APPLE} Version/16.6 Mobile/15E148 Safari/604.1`,
  ])('is not a browser of its own: %s', (agent) => {
    expect(chatApp(agent)).toBeNull()
  })
})
