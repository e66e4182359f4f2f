import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { OPERATION } from '../platform/http/operation.js';
import { comparePolicy } from './access.policy.js';

/** Holds the access policy against the routes that there are: at boot, so that a forgotten row is not found by a user. */
@Injectable()
export class AccessCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws Error naming every route without an operation id and every operation without a rule */
  onApplicationBootstrap(): void {
    const { ids, nameless } = this.operations();
    const { withoutRule } = comparePolicy(ids);
    const faults = [
      ...nameless.map((route) => `${route} has no @Operation`),
      ...withoutRule.map((id) => `${id} has no row in access.policy.ts`),
    ];
    if (faults.length > 0) throw new Error(`Routes that nobody could call:\n- ${faults.join('\n- ')}`);
  }

  /** Rows of the policy that no route bears: of the whole application there are none. */
  unusedRules(): string[] {
    return comparePolicy(this.operations().ids).withoutOperation;
  }

  private operations(): { ids: string[]; nameless: string[] } {
    const ids: string[] = [];
    const nameless: string[] = [];
    for (const { metatype } of this.discovery.getControllers()) {
      const prototype = (metatype as { prototype: Record<string, unknown> } | null)?.prototype;
      if (!metatype || !prototype) continue;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name] as object;
        if (Reflect.getMetadata(PATH_METADATA, handler) === undefined) continue;
        const id = Reflect.getMetadata(OPERATION, handler) as string | undefined;
        if (id === undefined) nameless.push(`${metatype.name}.${name}`);
        else ids.push(id);
      }
    }
    return { ids, nameless };
  }
}
