import { CARD_ZH, type CardKind, type Ground, type Proposal, type Standing } from './card.js';

/** What the system says in a card's history when it proposes it, for officers. */
export function wordingOf({ kind, month, grounds, restsOn }: Proposal): string {
  const why = grounds.map((each) => wordGround(each, kind, restsOn.length)).join(';');
  return `系统建议${CARD_ZH[kind]}(${month}):${why}。`;
}

function wordGround(ground: Ground, kind: CardKind, cards: number): string {
  const places = ground.standings.map(wordStanding).join('、');
  switch (ground.rule) {
    case 'worst-percent':
      return `当月排名靠后(${places})`;
    case 'worst-months':
      return `连续${ground.standings.length}个月排名靠后(${places})`;
    case 'defrauded-after':
      return `预警后被骗率${wordRate(ground.rate)},全市${wordRate(ground.cityRate)}`;
    case 'recovered':
      return `挂牌后连续${ground.standings.length}个季度不在后三分之一(${places})`;
    case 'cards':
      return wordCards(kind, cards);
  }
}

function wordCards(kind: CardKind, cards: number): string {
  if (kind === 'red') return `累计${cards}张黄牌`;
  return kind === 'talk' ? '已确认红牌' : `连续季度共${cards}张红牌`;
}

function wordStanding({ period, rank, of, score }: Standing): string {
  return rank === null ? `${period}未参加排名` : `${period}第${rank}名/${of},${score!.toFixed(4)}分`;
}

function wordRate(rate: Ground['rate']): string {
  return rate === null ? '—' : `${rate.rate?.toFixed(4) ?? '—'}(${rate.numerator}/${rate.denominator})`;
}
