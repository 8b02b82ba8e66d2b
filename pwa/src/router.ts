// Every address of the app. Daily pages come with the shell; what few people open, or later, comes
// in chunks of its own.

import { h } from 'vue'
import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import type { App, Purpose } from './app.ts'
import DutyPage from './pages/field/DutyPage.vue'
import type { TextPlugin } from './text/index.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Works before this phone has joined: drafts and photos, nothing that submits. */
    readonly open?: boolean
    /** Takes a place: nobody comes here before he was asked whether that may be. */
    readonly asks?: Purpose
  }
}

const report = () => import('./pages/field/ReportPage.vue')
const saved = () => import('./pages/field/SavedPage.vue')
const camera = () => import('./pages/field/CameraPage.vue')
const draft = () => import('./pages/field/DraftPage.vue')
const patrol = () => import('./pages/field/PatrolPage.vue')
const scan = () => import('./pages/field/ScanPage.vue')
const consent = () => import('./pages/field/ConsentPage.vue')
/** In the place of every page while the PIN is asked for. */
export const lockPage = () => import('./pages/field/LockPage.vue')

/**
 * Fetched as soon as the first page stands: what captures must work without signal from the first
 * minute on, also where the service worker has not finished, or does not exist. One after the other,
 * when nothing else is at work: all at once hold an old phone up for half a second.
 */
export async function fetchCapturePages(): Promise<void> {
  for (const page of [report, camera, saved, draft, patrol, scan, consent, lockPage]) {
    await page().catch(() => undefined)
    await idle()
  }
}

const IDLE_AT_LATEST_MS = 500

/** Safari knows no idle callback. */
const idle = () =>
  new Promise<unknown>((resume) => {
    if ('requestIdleCallback' in globalThis)
      requestIdleCallback(resume, { timeout: IDLE_AT_LATEST_MS })
    else setTimeout(resume, 0)
  })

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'start', redirect: '/duty' },
  {
    path: '/enrol',
    name: 'enrol',
    component: () => import('./pages/field/EnrolPage.vue'),
    meta: { open: true },
  },
  { path: '/duty', name: 'duty', component: DutyPage },
  { path: '/tasks', name: 'tasks', component: () => import('./pages/field/TasksPage.vue') },
  { path: '/report', name: 'report', component: report, meta: { open: true, asks: 'place' } },
  { path: '/saved/:record', name: 'saved', component: saved, props: true },
  {
    path: '/camera/:draft',
    name: 'camera',
    component: camera,
    props: (route) => ({
      draft: one(route.params['draft']),
      slot: one(route.query['slot']),
      field: one(route.query['field']),
    }),
    meta: { open: true, asks: 'place' },
  },
  {
    path: '/draft/:draft',
    name: 'draft',
    component: draft,
    props: true,
    meta: { open: true, asks: 'place' },
  },
  {
    path: '/records',
    name: 'records',
    component: () => import('./pages/field/RecordsPage.vue'),
    meta: { open: true },
  },
  {
    path: '/records/:record',
    name: 'record',
    component: () => import('./pages/field/RecordPage.vue'),
    props: true,
  },
  {
    path: '/records/:record/calls',
    name: 'calls',
    component: () => import('./pages/field/CallsPage.vue'),
    props: true,
  },
  {
    path: '/records/:record/fix',
    name: 'fix',
    component: () => import('./pages/field/FixPage.vue'),
    props: true,
  },
  {
    path: '/patrol',
    name: 'patrol',
    component: patrol,
    meta: { asks: 'track' },
  },
  {
    path: '/patrol/pocket',
    name: 'pocket',
    component: () => import('./pages/field/PocketPage.vue'),
  },
  { path: '/patrol/scan', name: 'scan', component: scan },
  {
    path: '/patrol/end',
    name: 'patrol-end',
    component: () => import('./pages/field/PatrolEndPage.vue'),
  },
  {
    path: '/map',
    name: 'map',
    component: () => import('./pages/field/MapPage.vue'),
    meta: { asks: 'place' },
  },
  { path: '/me', name: 'me', component: () => import('./pages/field/MePage.vue') },
  { path: '/consent', name: 'consent', component: consent },
  { path: '/my-data', name: 'my-data', component: () => import('./pages/field/MyDataPage.vue') },
  { path: '/people', name: 'people', component: () => import('./pages/field/PeoplePage.vue') },
  { path: '/pin', name: 'pin', component: () => import('./pages/field/PinPage.vue') },
  {
    path: '/cannot-sync',
    name: 'cannot-sync',
    component: () => import('./pages/field/CannotSyncPage.vue'),
  },
  {
    path: '/dispatch',
    name: 'dispatch',
    component: () => import('./pages/leader/DispatchPage.vue'),
  },
  {
    path: '/dispatch/zones',
    name: 'zones',
    component: () => import('./pages/leader/ZonesPage.vue'),
  },
]

export function createPages(app: App, text: TextPlugin): Router {
  // Until it comes; without signal that is no surprise.
  const noDesk = { render: () => h('p', { class: 'hs-body' }, text.global.t('problem.offline')) }
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...routes,
      { path: '/office/:rest(.*)*', name: 'office', component: noDesk, meta: { open: true } },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  })

  router.beforeEach(async (to) => {
    // A code printed before the app had real addresses, or scanned by a reader that keeps the #.
    if (to.hash.startsWith('#/')) return to.hash.slice(1)
    if (to.name === 'office') {
      try {
        await addOffice(router, text)
      } catch (error) {
        if (navigator.onLine) throw error
        return true
      }
      return to.fullPath
    }
    const session = app.session.value
    const open = to.meta.open === true || to.path.startsWith('/office')
    if (session.phase === 'none' && !open) return { name: 'enrol' }
    if (to.meta.asks && session.phase === 'enrolled' && !app.consent(to.meta.asks)) {
      return { name: 'consent', query: { to: to.fullPath } }
    }
    // A leader's app opens at 调度.
    const isStart = to.name === 'duty' && to.redirectedFrom?.name === 'start'
    if (isStart && session.phase === 'enrolled' && session.rights.leader) {
      return { name: 'dispatch', replace: true }
    }
    return true
  })

  return router
}

/** The desk comes as a whole when somebody first goes there. */
async function addOffice(router: Router, text: TextPlugin): Promise<void> {
  const { openDesk } = await import('./pages/office/routes.ts')
  const office = await openDesk(text)
  router.removeRoute('office')
  for (const route of office) router.addRoute(route)
}

function one(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}
