import { Injectable } from '@nestjs/common';
import type { ImportSubject, SubjectName } from './import.subject.js';

/** What files can be of: modules enter theirs when they are made. */
@Injectable()
export class ImportSubjects {
  private readonly subjects = new Map<SubjectName, ImportSubject>();

  add(subject: ImportSubject): void {
    if (this.subjects.has(subject.name)) throw new Error(`files of ${subject.name} are read twice`);
    this.subjects.set(subject.name, subject);
  }

  of(name: SubjectName): ImportSubject {
    const subject = this.subjects.get(name);
    if (!subject) throw new Error(`nobody reads files of ${name}`);
    return subject;
  }
}
