import type { Group } from '../alert/alert.js';
import type { Random } from './random.js';

const SURNAMES: readonly (readonly [string, number])[] = [
  ['王', 9], ['李', 9], ['张', 9], ['刘', 6], ['陈', 4], ['杨', 4], ['赵', 4], ['黄', 2], ['周', 3], ['吴', 2],
  ['徐', 2], ['孙', 3], ['马', 3], ['朱', 2], ['胡', 2], ['郭', 3], ['何', 2], ['高', 2], ['罗', 1], ['郑', 2],
  ['梁', 2], ['宋', 2], ['谢', 1], ['韩', 2], ['唐', 1], ['冯', 1], ['董', 1], ['程', 1], ['曹', 1], ['袁', 1],
  ['许', 1], ['曾', 1], ['闫', 1], ['乔', 1], ['欧阳', 0.2], ['司马', 0.1],
]; // prettier-ignore
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文斌辉玲红建国庆春梅志海燕晓东宇晨欣怡子轩雨涵浩然';
const MOBILE_PREFIXES = [
  '135',
  '136',
  '137',
  '138',
  '139',
  '150',
  '151',
  '157',
  '158',
  '159',
  '175',
  '182',
  '183',
  '187',
  '188',
  '199',
];
const CHECK_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A made-up person. */
export interface Resident {
  readonly name: string;
  readonly phone: string;
  readonly idNumber: string;
  readonly address: string;
  readonly group: Group;
}

export function chineseName(random: Random): string {
  const letters = [...GIVEN];
  const given = random.chance(0.25) ? random.pick(letters) : random.pick(letters) + random.pick(letters);
  return random.weighted(SURNAMES) + given;
}

/** Numbers follow the numbering plan; whom they belong to is chance. */
export function mobileNumber(random: Random): string {
  return random.pick(MOBILE_PREFIXES) + String(random.integer(0, 99_999_999)).padStart(8, '0');
}

/**
 * @param county six digits, where the identity number was given out
 * @param place county and township, as an address begins
 * @param year in which the day is played
 */
export function resident(random: Random, county: string, place: string, year: number): Resident {
  const group = random.weighted<Group>([
    ['none', 58],
    ['elderly', 22],
    ['student', 10],
    ['minor', 3],
    ['finance-staff', 7],
  ]);
  const [youngest, oldest] = {
    none: [24, 59],
    elderly: [60, 84],
    student: [18, 23],
    minor: [12, 17],
    'finance-staff': [24, 55],
  }[group];
  const born = year - random.integer(youngest!, oldest!);
  return {
    name: chineseName(random),
    phone: mobileNumber(random),
    idNumber: identityNumber(random, county, born),
    address: `${place}${random.pick(['和平', '建设', '团结', '东', '西', '大王', '小李', '新华'])}${random.pick(['村', '社区'])}${random.integer(1, 12)}组${random.integer(1, 180)}号`,
    group,
  };
}

function identityNumber(random: Random, county: string, year: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const body = `${county}${year}${two(random.integer(1, 12))}${two(random.integer(1, 28))}${String(random.integer(1, 999)).padStart(3, '0')}`;
  const sum = CHECK_WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return body + '10X98765432'[sum % 11];
}
