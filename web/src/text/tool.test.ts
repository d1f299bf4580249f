import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../api/types';
import { changeTitle, isChange, toolLabel, toolTotal, toolUnit } from './tool';

const call = (over: Partial<ToolCall>): ToolCall => ({ id: '1', name: 'search_media', arguments: {}, status: 'done', result: null, elapsed_ms: 1, ...over });

describe('tool calls in words', () => {
  it('say what is being done and what was done', () => {
    expect(toolLabel(call({ status: 'running' }))).toBe('Searching your library');
    expect(toolLabel(call({}))).toBe('Searched your library');
    expect(toolLabel(call({ name: 'toString' }))).toBe('toString');
    expect(toolLabel(call({ name: 'paint_picture' }))).toBe('paint picture');
  });
  it('count what a change is about', () => {
    expect(toolTotal(call({ result: { total: 12 } }))).toBe(12);
    expect(toolTotal(call({ arguments: { media: ['a', 'b'] } }))).toBe(2);
    expect(toolTotal(call({ result: 'x' }))).toBeNull();
    expect([toolUnit(call({})), toolUnit(call({ name: 'list_people' }))]).toEqual(['picture', 'name']);
  });
  it('name the change', () => {
    expect(changeTitle(call({ name: 'create_album', arguments: { name: 'Kyoto' }, result: { total: 1 } }))).toBe('New album “Kyoto” with 1 picture');
    expect(changeTitle(call({ name: 'add_tags', arguments: { tags: ['sea', 'boat'] } }))).toBe('Tag with “sea, boat”');
  });
  it('tell reading from changing; what is unknown counts as a change', () => {
    expect(isChange(call({}))).toBe(false);
    expect(isChange(call({ name: 'add_tags' }))).toBe(true);
    expect(isChange(call({ name: 'new_tool' }))).toBe(true);
  });
});
