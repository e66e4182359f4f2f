import { AlertEntity } from './alert/alert.entity.js';
import { AssignmentEntity } from './assignment/assignment.entity.js';
import { identityEntities } from './identity/identity.module.js';
import { AgencyAreaEntity, AgencyEntity } from './organization/agency.entity.js';
import { FraudTypeEntity } from './organization/fraud-type.entity.js';
import { PolicyEntity } from './organization/policy.entity.js';
import { AttemptEntity, OutcomeEntity } from './outcome/outcome.entity.js';
import { EventEntity } from './timeline/event.entity.js';

/** Every table that TypeORM knows. */
export const entities = [
  AgencyEntity,
  AgencyAreaEntity,
  FraudTypeEntity,
  PolicyEntity,
  ...identityEntities,
  EventEntity,
  AlertEntity,
  AssignmentEntity,
  AttemptEntity,
  OutcomeEntity,
];
