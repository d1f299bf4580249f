import { describe, expect, it } from 'vitest';
import type { Model, Models, Pull } from '../api/types';
import { groupModels, isActive, lackOfRoom, missingOf, modelFacts, packCommand, packTitle, pullLine, usedAtOnce, withPull } from './models';

const model = (id: string, more: Partial<Model> = {}): Model => ({
  id, ability: 'chat', role: 'language', description: '', licence: 'MIT', restriction: null, home: null, languages: [],
  memory_mb: null, size: 2_500_000_000, tiers: [], installed: false, outdated: false, known: true, source: null, partial: 0, pull: null, ...more,
});
const pull = (more: Partial<Pull> = {}): Pull => ({
  model: 'a', phase: 'download', file: 'w.gguf', source: 'hub', done: 1_200_000_000, total: 2_400_000_000, bytes_per_s: 20_000_000, error: null, hint: null, ...more,
});
const all = (models: Model[]): Models => ({
  folder: '/models', free: 10_000_000_000, offline: false, tiers: [],
  abilities: [{ id: 'chat', purpose: 'Talking.', ready: false, at_once: true }, { id: 'faces', purpose: 'Faces.', ready: false, at_once: false }],
  models,
});

describe('groupModels', () => {
  it('keeps the server’s order, leaves out what has no model, and puts the unknown last', () => {
    const groups = groupModels(all([model('mine', { ability: null }), model('b'), model('a')]));
    expect(groups.map((group) => [group.id, group.models.map((each) => each.id)])).toEqual([['chat', ['b', 'a']], ['others', ['mine']]]);
  });
  it('loses no model whose use this app does not know', () => {
    expect(groupModels(all([model('x', { ability: 'flying' })])).map((group) => group.id)).toEqual(['others']);
  });
});

describe('usedAtOnce', () => {
  it('is what the server says of the ability', () => {
    const uses = (ability: string | null) => usedAtOnce(all([]), model('a', { ability }));
    expect([uses('chat'), uses('faces'), uses('flying'), uses(null)]).toEqual([true, false, false, false]);
  });
});

describe('what is said of a model', () => {
  it('marks sizes that are not exact', () => {
    expect(modelFacts(model('a'))).toBe('about 2.5 GB · MIT');
    expect(modelFacts(model('a', { installed: true, memory_mb: 4200 }))).toBe('2.5 GB · 4.2 GB of memory at work · MIT');
    expect(modelFacts(model('a', { restriction: 'research only' }))).not.toContain('MIT');
  });
  it('names languages', () => {
    expect(modelFacts(model('a', { languages: ['multilingual'] }))).toContain('many languages');
    expect(modelFacts(model('a', { languages: ['en', 'de'] }))).toContain('English, German');
    expect(modelFacts(model('a', { languages: ['??'] }))).toContain('??');
  });
});

describe('language packs', () => {
  const pack = (name: string, language: string | null, script: string | null) => ({ name, language, script, package: `tesseract-ocr-${name}` });
  it('are called by what they read', () => {
    const packs = [pack('deu', 'de', null), pack('chi_tra', 'zh-Hant', null), pack('Latin', null, 'Latn'), pack('x_1', 'x_1', null)];
    expect(packs.map(packTitle)).toEqual(['German', 'Traditional Chinese', 'Latin script', 'x_1']);
  });
  it('are added by one command', () => {
    expect(packCommand([pack('jpn', 'ja', null), pack('kor', 'ko', null)])).toBe('sudo apt-get install tesseract-ocr-jpn tesseract-ocr-kor');
    expect(packCommand([])).toBe('');
  });
});

describe('pullLine', () => {
  it('says how far, how fast and how long', () => {
    expect(pullLine(pull())).toBe('1.2 GB of 2.4 GB · 20.0 MB a second · about a minute');
    expect(pullLine(pull({ bytes_per_s: null }))).toBe('1.2 GB of 2.4 GB');
  });
  it('says what it waits for and what went wrong', () => {
    expect(pullLine(pull({ phase: 'waiting', done: 0 }))).toBe('Waiting for its turn');
    expect(pullLine(pull({ phase: 'paused' }))).toBe('Paused · 1.2 GB of 2.4 GB');
    expect(pullLine(pull({ phase: 'failed', error: 'The line is cut.' }))).toBe('The line is cut.');
  });
  it('knows which go on by themselves', () => {
    const active = (['waiting', 'download', 'package', 'unpack', 'paused', 'failed', 'done'] as const).filter((phase) => isActive(pull({ phase })));
    expect(active).toEqual(['waiting', 'download', 'package', 'unpack']);
    expect(isActive(null)).toBe(false);
  });
});

describe('withPull', () => {
  it('moves the model that is meant and no other', () => {
    const moved = withPull(all([model('a'), model('b')]), pull());
    expect(moved.ended).toBe(false);
    expect(moved.models.models.map((each) => each.pull?.done ?? null)).toEqual([1_200_000_000, null]);
  });
  it('knows an end, and shows no download then', () => {
    for (const phase of ['done', 'gone'] as const) {
      const moved = withPull(all([model('a', { pull: pull() })]), pull({ phase }));
      expect([moved.ended, moved.models.models[0]?.pull]).toEqual([true, null]);
    }
  });
});

describe('sets', () => {
  const tier = { id: 'nas', machine: '', models: ['a', 'b'], abilities: [], size: 0, missing: 0, memory_mb: 0 };
  it('get only what is missing of them', () => {
    expect(missingOf(tier, [model('a', { installed: true }), model('b'), model('c')]).map((each) => each.id)).toEqual(['b']);
  });
  it('say when there is no room', () => {
    expect(lackOfRoom(5e9, 10e9)).toBeNull();
    expect(lackOfRoom(5e9, null)).toBeNull();
    expect(lackOfRoom(5e9, 1e9)).toContain('about 5.0 GB');
  });
});
