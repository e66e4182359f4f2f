import type { Test } from 'supertest';
import type { Officer } from '../support/app.js';

const BODY = { report: 'alerts', query: {}, format: 'csv' };

export const EXPORT_ASKS: Record<string, (who: Officer, id: string) => Test> = {
  createExport: (who) => who.post('/exports', BODY),
  listExports: (who) => who.get('/exports?limit=200'),
  getExport: (who, id) => who.get(`/exports/${id}`),
  getExportFile: (who, id) => who.get(`/exports/${id}/file`),
  deleteExport: (who, id) => who.delete(`/exports/${id}`),
};
export const EXPORT_LISTS = ['listExports'];

/** An export of one person: whoever else stands at that place must not hear of it. */
export async function exportOf(kind: string, who: Officer): Promise<string | undefined> {
  return kind === 'export' ? ((await who.post('/exports', BODY)).body as { id: string }).id : undefined;
}
