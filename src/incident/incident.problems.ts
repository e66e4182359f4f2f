import { defineProblem } from '../platform/http/problem.js';

export const alreadyFiled = defineProblem('already-filed', 409, 'The incident is filed already', '该警情已立案');
