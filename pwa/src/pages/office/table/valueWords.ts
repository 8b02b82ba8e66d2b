export * from '../../shared/valueWords.ts'
