// The desk's addresses, all under /office.

import type { RouteRecordRaw } from 'vue-router'
import chinese from '../../text/desk/zh-CN.ts'
import { addDeskWords, type TextPlugin } from '../../text/index.ts'
import OfficeLayout from './OfficeLayout.vue'
import ReviewPage from './ReviewPage.vue'
import SignInPage from './SignInPage.vue'

// Part of the desk without an account: only the way in.
const open = { open: true }

/** Its words, then its pages. */
export async function openDesk(text: TextPlugin): Promise<readonly RouteRecordRaw[]> {
  await addDeskWords(text, chinese)
  return routes
}

const routes: readonly RouteRecordRaw[] = [
  { path: '/office/signin', name: 'office-signin', component: SignInPage, meta: open },
  {
    path: '/office',
    component: OfficeLayout,
    meta: open,
    children: [
      { path: '', name: 'office', redirect: '/office/review' },
      { path: 'review', name: 'office-review', component: ReviewPage },
      {
        path: 'records',
        name: 'office-records',
        component: () => import('./table/TablePage.vue'),
      },
      {
        path: 'figures',
        name: 'office-figures',
        component: () => import('./figures/FiguresPage.vue'),
      },
      {
        path: 'records/:id',
        name: 'office-record',
        component: () => import('./RecordPage.vue'),
        props: true,
      },
      {
        path: 'records/:id/evidence',
        name: 'office-evidence',
        component: () => import('./EvidencePage.vue'),
        props: true,
      },
      {
        path: 'unaccepted',
        name: 'office-unaccepted',
        component: () => import('./UnacceptedPage.vue'),
      },
      { path: 'devices', name: 'office-devices', component: () => import('./DevicesPage.vue') },
      { path: 'rescue', name: 'office-rescue', component: () => import('./RescuePage.vue') },
      {
        path: 'people',
        name: 'office-people',
        component: () => import('./people/PeoplePage.vue'),
      },
      {
        path: 'people/import',
        name: 'office-people-import',
        component: () => import('./people/ImportPage.vue'),
      },
      {
        path: 'people/cards',
        name: 'office-people-cards',
        component: () => import('./people/CardsPage.vue'),
      },
      {
        path: 'labels',
        name: 'office-labels',
        component: () => import('./LabelsPage.vue'),
      },
      { path: 'map', name: 'office-map', component: () => import('./MapPage.vue') },
      { path: ':rest(.*)*', redirect: '/office/review' },
    ],
  },
]
