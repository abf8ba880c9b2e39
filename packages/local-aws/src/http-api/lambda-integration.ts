import { AwsError } from '../aws-service.ts';
import { type Answer, type ApiResponses, internalServerError, tooLarge } from './api-responses.ts';
import { readFunctionResponse } from './function-response.ts';

/** How the gateway calls functions. */
export interface FunctionPort {
  /** Rejects with an {@link AwsError} when Lambda refuses. */
  invoke(
    functionArn: string,
    event: string,
    options: { readonly traceId: string },
  ): Promise<{
    readonly payload: string;
    readonly functionError?: string;
    readonly requestId?: string;
  }>;
}

/** The result of a call, for the client and for the access log. */
export interface IntegrationResult {
  readonly answer: Answer;
  readonly integration: {
    readonly latencyMs: number;
    /** Lambda's response; undefined after a timeout. */
    readonly status?: number;
    /** The response of the function's code. */
    readonly functionStatus?: number;
    readonly requestId?: string;
    readonly error?: string;
  };
}

interface Call {
  readonly functionArn: string;
  readonly event: string;
  readonly traceId: string;
  readonly timeoutMs: number;
  /** The error responses of the ingress. */
  readonly says: ApiResponses;
}

/**
 * Calls a function for a request and returns the client's response, also after an error. Never
 * rejects.
 */
export async function callFunction(port: FunctionPort, call: Call): Promise<IntegrationResult> {
  const startedAt = performance.now();
  const { promise: timeout, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(() => resolve('timeout'), call.timeoutMs);
  const invoked = invokeSafely(port, call);
  const outcome = await Promise.race([invoked, timeout]);
  clearTimeout(timer);
  const { answer, ...integration } =
    outcome === 'timeout'
      ? { answer: call.says.timedOut, error: 'Endpoint request timed out' }
      : outcome;
  const latencyMs = Math.round(performance.now() - startedAt);
  return { answer, integration: { ...integration, latencyMs } };
}

type Outcome = { readonly answer: Answer } & Omit<IntegrationResult['integration'], 'latencyMs'>;

async function invokeSafely(port: FunctionPort, call: Call): Promise<Outcome> {
  try {
    const { traceId, says } = call;
    const result = await port.invoke(call.functionArn, call.event, { traceId });
    const { payload, functionError, requestId } = result;
    const answer = functionError ? internalServerError : readFunctionResponse(payload);
    if (answer !== internalServerError) {
      return { answer, status: 200, functionStatus: answer.statusCode, requestId };
    }
    const error = functionError
      ? 'The Lambda function returned an error.'
      : "The response from the Lambda function doesn't match the format that API Gateway expects.";
    return { answer: says.functionFailed, status: 200, requestId, error };
  } catch (error) {
    const status = error instanceof AwsError ? error.statusCode : 500;
    return { answer: answerRefusal(status, call.says), status, error: refusal };
  }
}

const refusal = 'Lambda refused the invocation.';

/** The gateway's response when Lambda refuses: event too large, throttled, any other error. */
function answerRefusal(status: number, says: ApiResponses): Answer {
  if (status === 413) {
    return tooLarge;
  }
  return status === 429 ? says.functionThrottled : says.functionFailed;
}
