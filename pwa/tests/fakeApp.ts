// An app for a page under test: records and drafts as given, everything else at rest.

import { mount, type VueWrapper } from '@vue/test-utils'
import { computed, reactive, ref, shallowRef, toValue, type Component, type Ref } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import {
  APP,
  type App,
  type DraftData,
  type DraftPhoto,
  type DraftSummary,
  type HsRecord,
  type OpenDraft,
  type OwnLineView,
  type RecordPhoto,
  type Submission,
} from '../src/app.ts'
import { createText } from '../src/text/index.ts'

export const ME = 'me'

type Purpose = Parameters<App['consent']>[0]

export interface FakeApp {
  readonly app: App
  readonly records: HsRecord[]
  /** Of whatever record. */
  readonly photos: RecordPhoto[]
  /** With whatever draft. */
  readonly taken: Ref<readonly DraftPhoto[]>
  readonly lines: OwnLineView[]
  readonly drafts: { value: readonly DraftSummary[] }
  readonly submitted: Submission[]
  /** What the person answered; a purpose that is missing was not asked about. */
  readonly agreed: Partial<Record<Purpose, boolean>>
  /** How often the phone's location is on at this moment, for pages. */
  readonly watches: Ref<number>
}

export function fakeApp(records: HsRecord[] = []): FakeApp {
  const drafts = shallowRef<readonly DraftSummary[]>([])
  const held = new Map<string, DraftData>()
  const lines: OwnLineView[] = []
  const photos: RecordPhoto[] = []
  const taken = shallowRef<readonly DraftPhoto[]>([])
  const submitted: Submission[] = []
  const agreed = reactive<Partial<Record<Purpose, boolean>>>({ track: true, place: true })
  const watches = ref(0)
  const saved = { n: 1, entry: 'entry', hash: 'hash', wall: 0 }

  const open = (data: DraftData): OpenDraft => ({
    ...{ data, photos: taken, savedAt: ref(0), state: ref('saved' as const) },
    ...{ save: () => undefined, flush: async () => undefined, close: async () => undefined },
    remove: async () => {
      drafts.value = drafts.value.filter((it) => it.id !== data.id)
    },
    shoot: () => Promise.reject(new Error('no camera')),
    addFile: () => Promise.reject(new Error('no camera')),
    removePhoto: async () => undefined,
    useAs: async () => undefined,
    film: () => Promise.reject(new Error('no camera')),
    submit: async () => saved,
  })

  const app = {
    session: ref({
      ...{ phase: 'enrolled', device: 'phone', person: ME, name: '张河', known: true },
      ...{ org: { id: 'org', name: '南河站', demo: false }, member: null, office: false },
      rights: { roles: [], team: null, zones: [], leads: [], office: false, leader: false },
    }),
    connection: ref({ state: 'offline', done: 0, total: 0, lastContact: null, retryAt: null }),
    counts: ref({ lines: 0, photos: 0, filmed: false, unaccepted: 0, returned: 0, drafts: 0 }),
    position: ref({ state: 'off', fix: null, accuracy: null, along: null, outside: false }),
    storage: ref({ persisted: null, usage: null, quota: null }),
    clock: ref(null),
    trouble: ref(null),
    updateReady: ref(false),
    now: ref(Date.UTC(2026, 10, 22, 6, 0)),
    theme: ref('day'),
    vibrate: () => undefined,
    syncNow: () => undefined,
    consent: (purpose: Purpose) => {
      const given = agreed[purpose]
      return given === undefined
        ? null
        : record({ kind: 'consent', fields: { purpose, given, at: 1 } as HsRecord['fields'] })
    },
    notice: '2026-11',
    placeStopped: ref(false),
    placeAgain: () => undefined,
    watchPosition: () => {
      watches.value++
      return () => watches.value--
    },
    newId: () => 'new',
    opPut: (kind: string, record: string, set: object) => ({
      ...{ kind, record, act: 'put', set, base: {} },
    }),
    opUndel: (kind: string, record: string) => ({
      ...{ kind, record, act: 'undel', set: {}, base: {} },
    }),
    opSettle: (kind: string, record: string, field: string, stamp: string) => ({
      ...{ kind, record, act: 'settle', set: { field, stamp }, base: {} },
    }),
    opDel: (kind: string, record: string) => ({ kind, record, act: 'del', set: {}, base: {} }),
    submit: async (submission: Submission) => {
      submitted.push(submission)
      return saved
    },
    records: {
      list: (kind: unknown, filter: (it: HsRecord) => boolean = () => true) =>
        computed(() =>
          records.filter((it) => (kind === undefined || it.kind === toValue(kind)) && filter(it)),
        ),
      get: (id: unknown) => computed(() => records.find((it) => it.id === toValue(id)) ?? null),
      status: (id: unknown) =>
        computed(
          () => records.find((it) => it.id === toValue(id))?.status ?? { state: 'saved_local' },
        ),
      photos: () => computed(() => photos),
      inForce: (it: HsRecord) => (it.status.state === 'unaccepted' ? null : it),
      conflicts: () => computed(() => records.filter((it) => it.conflicts.length > 0)),
      lines: () => computed(() => lines),
      nameOf: (person: string) => (person === ME ? '张河' : ''),
    },
    drafts: {
      list: drafts,
      open: async (kind: string, preset: { record?: string; fields?: object; page?: object }) => {
        const standing = records.find((it) => it.id === preset.record)
        const data = reactive({
          ...{ id: `draft-${held.size + 1}`, kind, record: preset.record ?? 'fresh' },
          ...{ isNew: preset.record === undefined, replaces: null, openedAt: 0 },
          fields: { ...standing?.fields, ...preset.fields },
          page: preset.page ?? {},
        }) as unknown as DraftData
        held.set(data.id, data)
        const { id, record, isNew, replaces, fields } = data
        const summary = {
          id,
          record,
          isNew,
          replaces,
          fields,
          photos: 0,
          savedAt: 0,
          kind: data.kind,
        }
        drafts.value = [...drafts.value, summary as unknown as DraftSummary]
        return open(data)
      },
      resume: async (id: string) => {
        const data = held.get(id)
        return data ? open(data) : null
      },
    },
    photos: { url: async () => null, release: () => undefined, isThere: () => undefined },
    patrol: { active: ref(null) },
  } as unknown as App
  return { app, records, photos, taken, lines, drafts, submitted, agreed, watches }
}

export function record(values: Partial<HsRecord> = {}): HsRecord {
  return {
    ...{ id: 'record', kind: 'hazard', fields: {}, stamps: {}, adds: [] },
    ...{ deleted: false, version: 1 },
    ...{ author: ME, device: 'phone', captured: 0, flags: [], conflicts: [], review: null },
    ...{ local: false, status: { state: 'received', at: 0 } },
    ...values,
  } as HsRecord
}

const NAMES = [
  'consent',
  'my-data',
  'calls',
  'pin',
  'duty',
  'tasks',
  'report',
  'map',
  'me',
  'records',
  'dispatch',
  'saved',
  'patrol',
]
const WITH_ONE = { record: 'record', fix: 'record', draft: 'draft', camera: 'draft' }

export async function show(
  page: Component,
  props: Record<string, unknown>,
  { app }: FakeApp,
): Promise<{ readonly page: VueWrapper; readonly router: Router }> {
  const nothing = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', name: 'start', component: nothing },
      ...NAMES.map((name) => ({ path: `/${name}/:record?`, name, component: nothing })),
      ...Object.entries(WITH_ONE).map(([name, param]) => ({
        ...{ path: `/one/${name}/:${param}`, name, component: nothing },
      })),
    ],
  })
  await router.push('/')
  const global = { plugins: [createText(), router], provide: { [APP as symbol]: app } }
  return { page: mount(page, { props, global, attachTo: document.body }), router }
}
