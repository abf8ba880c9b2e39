export { AwsError, type AwsService, type JsonObject } from './aws-service.ts';
export { type Clock, SteppedClock, systemClock } from './clock.ts';
export type { RequestInterceptor } from './endpoint/aws-endpoint.ts';
export type { Observation } from './eventbridge/unit-of-work.ts';
export type { ServedRequest } from './http-api/access-log.ts';
export type { SqsBatch } from './lambda/event-source-mapping/mapping-settings.ts';
export type { LogLine } from './lambda/logs/platform-log.ts';
export { type LocalRun, type LocalRunOptions, startLocalRun } from './local-run.ts';
export type { LocalObserver, LocalServices, RefusedRequest } from './services.ts';
