import type { EventData } from './event.js';

/** Turns codes and moments into what an officer reads. */
export interface Vocabulary {
  agency(code: unknown): string;
  /** `MM-DD HH:mm` local. */
  moment(iso: unknown): string;
}

/** The line of one kind of event. */
export type Sentence = (data: EventData, words: Vocabulary) => string;

export const late = (data: EventData): string => (data['late'] ? '(补记)' : '');

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** @param fen whole fen */
export const yuan = (fen: unknown): string =>
  typeof fen === 'number'
    ? `${Math.floor(fen / 100).toLocaleString('en-US')}.${String(fen % 100).padStart(2, '0')} 元`
    : '';
