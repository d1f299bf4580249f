// Turns an answer (markdown with citations such as [[media:ID]]) into a tree of plain values that components draw.
// No HTML ever comes out of it: markup in an answer stays text, links lead only to http(s), pictures are not loaded.
// Citations are numbered in the order in which media first appear.

import { Lexer, Marked, type Token, type Tokens } from 'marked';

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'strong'; children: Inline[] }
  | { type: 'em'; children: Inline[] }
  | { type: 'del'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; href: string; children: Inline[] }
  | { type: 'break' }
  | { type: 'citation'; id: string; number: number };

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; level: number; children: Inline[] }
  | { type: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { type: 'quote'; children: Block[] }
  | { type: 'code'; text: string }
  | { type: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { type: 'rule' };

export interface Answer {
  blocks: Block[];
  /** Media cited, in order: citation number 1 is the first. */
  cited: string[];
}

const CITATION = /^\[\[media:([^\][\s]{1,128})\]\]/;

const marked = new Marked({
  gfm: true,
  extensions: [
    {
      name: 'citation',
      level: 'inline',
      start: (source: string) => {
        const at = source.indexOf('[[media:');
        return at < 0 ? undefined : at;
      },
      tokenizer(source: string) {
        const match = CITATION.exec(source);
        return match ? { type: 'citation', raw: match[0], id: match[1] } : undefined;
      },
    },
  ],
});

/** Without the citation that is still being written at the very end, so that half of one is never shown. */
export function hideUnfinished(text: string): string {
  return text.replace(/\[\[?[^\][\s]{0,140}$|\[\[[^\][\s]{0,140}\]$/, '');
}

export function parseAnswer(markdown: string): Answer {
  const cited: string[] = [];
  const lexer = new Lexer(marked.defaults);
  const blocks = toBlocks(lexer.lex(markdown), cited);
  return { blocks, cited };
}

function toBlocks(tokens: readonly Token[], cited: string[]): Block[] {
  return tokens.flatMap((token) => toBlock(token, cited));
}

function toBlock(token: Token, cited: string[]): Block[] {
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'paragraph':
    case 'text':
      return [{ type: 'paragraph', children: toInlines((token as Tokens.Text).tokens ?? [token], cited) }];
    case 'heading': {
      const heading = token as Tokens.Heading;
      return [{ type: 'heading', level: heading.depth, children: toInlines(heading.tokens, cited) }];
    }
    case 'list': {
      const list = token as Tokens.List;
      const items = list.items.map((item) => toBlocks(item.tokens, cited));
      return [{ type: 'list', ordered: list.ordered, start: Number(list.start) || 1, items }];
    }
    case 'blockquote':
      return [{ type: 'quote', children: toBlocks((token as Tokens.Blockquote).tokens, cited) }];
    case 'code':
      return [{ type: 'code', text: (token as Tokens.Code).text }];
    case 'hr':
      return [{ type: 'rule' }];
    case 'table': {
      const table = token as Tokens.Table;
      const cells = (row: Tokens.TableCell[]) => row.map((cell) => toInlines(cell.tokens, cited));
      return [{ type: 'table', head: cells(table.header), rows: table.rows.map(cells) }];
    }
    default:
      return token.raw.trim() ? [{ type: 'paragraph', children: [{ type: 'text', text: token.raw.trim() }] }] : [];
  }
}

function toInlines(tokens: readonly Token[], cited: string[]): Inline[] {
  return tokens.flatMap((token) => toInline(token, cited));
}

function toInline(token: Token, cited: string[]): Inline[] {
  switch (token.type) {
    case 'citation': {
      const id = String((token as Tokens.Generic)['id']);
      if (!cited.includes(id)) cited.push(id);
      return [{ type: 'citation', id, number: cited.indexOf(id) + 1 }];
    }
    case 'strong':
    case 'em':
    case 'del':
      return [{ type: token.type, children: toInlines((token as Tokens.Strong).tokens, cited) }];
    case 'codespan':
      return [{ type: 'code', text: (token as Tokens.Codespan).text }];
    case 'br':
      return [{ type: 'break' }];
    case 'link': {
      const link = token as Tokens.Link;
      const children = toInlines(link.tokens, cited);
      return /^https?:\/\//i.test(link.href) ? [{ type: 'link', href: link.href, children }] : children;
    }
    case 'image':
      return [{ type: 'text', text: (token as Tokens.Image).text }];
    case 'text':
    case 'escape': {
      const text = token as Tokens.Text;
      return text.tokens ? toInlines(text.tokens, cited) : [{ type: 'text', text: text.text }];
    }
    default:
      return [{ type: 'text', text: token.raw }];
  }
}
