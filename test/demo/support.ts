import type { CityMap } from '../../src/simulation/city.map.js';

const townships = (county: string): { code: string; name: string }[] =>
  ['101', '102', '103'].map((number) => ({ code: `${county}${number}`, name: `第${number}镇` }));

/** A small city, for plans that nobody carries out. */
export const CITY_MAP: CityMap = {
  code: '4113',
  counties: [
    { code: '411302', name: '宛城区公安分局', townships: townships('411302') },
    { code: '411322', name: '方城县公安局', townships: townships('411322') },
    { code: '411381', name: '邓州市公安局', townships: townships('411381') },
  ],
  fraudTypes: ['brushing-rebate', 'fake-investment', 'fake-shopping-service', 'romance', 'other'],
};
