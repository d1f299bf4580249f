import { describe, expect, it } from 'vitest';
import { hideUnfinished, parseAnswer, type Block, type Inline } from './answer';

function inlines(markdown: string): Inline[] {
  const block = parseAnswer(markdown).blocks[0] as Extract<Block, { type: 'paragraph' }>;
  return block.children;
}

describe('parseAnswer', () => {
  it('numbers citations in the order of first appearance and reuses numbers', () => {
    const { cited, blocks } = parseAnswer('Anna [[media:b]] and Ben [[media:a]], again [[media:b]].');
    expect(cited).toEqual(['b', 'a']);
    const numbers = (blocks[0] as Extract<Block, { type: 'paragraph' }>).children.flatMap((i) => (i.type === 'citation' ? [i.number] : []));
    expect(numbers).toEqual([1, 2, 1]);
  });

  it('finds citations in lists, emphasis and tables', () => {
    const { cited } = parseAnswer('- one [[media:1]]\n- **two [[media:2]]**\n\n| a |\n|---|\n| [[media:3]] |');
    expect(cited).toEqual(['1', '2', '3']);
  });

  it('keeps markup as text', () => {
    const shown = JSON.stringify(parseAnswer('<img src=x onerror=alert(1)>\n\nhi <b>you</b>').blocks);
    expect(shown).toContain('<img src=x onerror=alert(1)>');
    expect(shown).not.toContain('"html"');
  });

  it('follows only web links and loads no pictures', () => {
    expect(inlines('[a](javascript:alert(1))')).toEqual([{ type: 'text', text: 'a' }]);
    expect(inlines('[a](https://example.org/)')).toMatchObject([{ type: 'link', href: 'https://example.org/' }]);
    expect(inlines('![a cat](https://example.org/x.png)')).toEqual([{ type: 'text', text: 'a cat' }]);
  });

  it('reads lists, headings and emphasis', () => {
    expect(parseAnswer('# T\n\n2. x\n3. *y*').blocks).toMatchObject([
      { type: 'heading', level: 1 },
      { type: 'list', ordered: true, start: 2, items: [[{ type: 'paragraph' }], [{ type: 'paragraph', children: [{ type: 'em' }] }]] },
    ]);
  });

  it('shows text with special characters as it is', () => {
    expect(inlines('Tom & Jerry <3 "x"').map((i) => (i.type === 'text' ? i.text : '')).join('')).toBe('Tom & Jerry <3 "x"');
  });

  it('leaves malformed citations as text', () => {
    expect(parseAnswer('[[media:]] [[media:a b]] [[other:1]]').cited).toEqual([]);
  });
});

describe('hideUnfinished', () => {
  const text = 'Here [[media:0198-ab]]';
  it('never shows part of a citation while it streams', () => {
    for (let end = 5; end < text.length; end++) expect(hideUnfinished(text.slice(0, end)).trimEnd()).toBe('Here');
    expect(hideUnfinished(text)).toBe(text);
  });
  it('leaves other brackets alone', () => {
    expect(hideUnfinished('a [b] c')).toBe('a [b] c');
    expect(hideUnfinished('see [the list')).toBe('see [the list');
  });
});
